// Editing on a store without a network: messages per gesture, and what one undo takes back.
import { createGraph, type CRDTMessage } from '@vuer-ai/vuer-rtc';
import { beforeEach, describe, expect, it } from 'vitest';
import { firstScene, moveTo, reparent } from '../src/document/changes';
import { Editing } from '../src/document/editing';
import { placeInScene } from '../src/document/placement';
import { NOTES, readShapes, SCENE } from '../src/document/shapes';

let sent: CRDTMessage[];
let store: ReturnType<typeof createGraph>;
let editing: Editing;
const shapes = () => readShapes(store.getState().graph);
const shape = (key: string) => shapes().find((each) => each.key === key);

beforeEach(() => {
  sent = [];
  store = createGraph({ client: 'ada', onSend: (message) => sent.push(message) });
  editing = new Editing(store);
  store.transact(() => {
    for (const op of firstScene()) store.edit(op);
  });
  sent.length = 0;
});

describe('editing', () => {
  it('sends a quick drag in few messages and undoes it at once', () => {
    const before = shape('first-box')?.place.position;
    for (let x = 1; x <= 50; ++x) editing.drag('move', moveTo('first-box', [x, 0, 0]));
    expect(shape('first-box')?.place.position).toEqual([50, 0, 0]);
    editing.finish();
    expect(sent.length).toBeLessThan(10);
    editing.undo();
    expect(shape('first-box')?.place.position).toEqual(before);
    editing.redo();
    expect(shape('first-box')?.place.position).toEqual([50, 0, 0]);
  });

  it('takes two drags back one by one', () => {
    for (const x of [1, 2]) {
      editing.drag('move', moveTo('first-box', [x, 0, 0]));
      editing.finish();
    }
    editing.undo();
    expect(shape('first-box')?.place.position).toEqual([1, 0, 0]);
  });

  it('undoes letters that were typed in a row together', () => {
    [...'hello'].forEach((value, position) => {
      editing.apply([{ ot: 'text.insert', key: SCENE, path: NOTES, position, value }], 'type');
    });
    expect(store.textOf(SCENE, NOTES)).toBe('hello');
    editing.undo();
    expect(store.textOf(SCENE, NOTES)).toBe('');
    expect([editing.canUndo, editing.canRedo]).toEqual([false, true]);
  });

  it('forgets what could be redone after a new edit', () => {
    editing.apply([moveTo('first-box', [1, 1, 1])]);
    editing.undo();
    editing.apply([moveTo('first-box', [2, 2, 2])]);
    expect(editing.canRedo).toBe(false);
  });
});

describe('reparent', () => {
  it('keeps the place in the scene', () => {
    const place = () => {
      const all = new Map(shapes().map((each) => [each.key, each]));
      return placeInScene('first-cone', (key) => all.get(key)).position;
    };
    const before = place();
    editing.apply(reparent(shapes(), 'first-cone', 'first-box'));
    expect(shape('first-cone')?.depth).toBe(2);
    before.forEach((each, i) => expect(place()[i]).toBeCloseTo(each, 3));
  });

  it('never puts a shape into itself', () => {
    editing.apply(reparent(shapes(), 'first-cone', 'first-box'));
    expect(reparent(shapes(), 'first-box', 'first-cone')).toEqual([]);
    expect(reparent(shapes(), 'first-box', 'first-box')).toEqual([]);
  });
});
