// @vitest-environment happy-dom
// Hooks and bindings in a page: who renders, what is shown, and that nothing tears.
import { act, createElement, StrictMode, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { Group, Mesh, MeshBasicMaterial, Object3D } from 'three';
import { afterEach, describe, expect, it } from 'vitest';
import { connect, type Room } from '../src/entrypoints/provider.js';
import * as rtc from '../src/entrypoints/react.js';
import { bindScene } from '../src/entrypoints/three.js';
import { createGraph } from '../src/store/create_graph.js';
import type { GraphStore } from '../src/store/graph_store.js';
import { bindTextarea } from '../src/text/textarea.js';
import { FakeServer, until } from './fake_server.js';
import { add, insert, storeWith } from './operations.js';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const roots: Root[] = [];
const ends: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const root of roots.splice(0)) act(() => root.unmount());
  for (const end of ends.splice(0)) await end();
});

function render(node: ReactNode): HTMLElement {
  const element = document.createElement('div');
  const root = createRoot(element);
  roots.push(root);
  act(() => root.render(createElement(StrictMode, null, node)));
  return element;
}

const within = (store: GraphStore, ...children: ReactNode[]): ReactNode =>
  createElement(rtc.RtcProvider, { store }, ...children);

const scene = (): GraphStore => storeWith('a', insert('r'), insert('x', 'r', { p: 1, t: 'hi' }));

describe('hooks', () => {
  it('one_change_renders_its_readers_only', () => {
    const store = scene();
    for (let i = 0; i < 1000; ++i) store.edit(insert(`n${i}`, 'r', { p: 0 }));
    store.commit();
    const renders = new Map<string, number>();
    const Reader = ({ name }: { name: string }): ReactNode => {
      renders.set(name, (renders.get(name) ?? 0) + 1);
      return String(rtc.useNode(name)?.['p']);
    };
    const names = Array.from({ length: 100 }, (_, i) => `n${i}`);
    const readers = names.map((name) => createElement(Reader, { name, key: name }));
    const element = render(within(store, ...readers));
    renders.clear();
    for (let i = 0; i < 5; ++i) act(() => store.edit(add('n7', 'p', 1)));
    expect([...renders.keys()]).toEqual(['n7']);
    expect(element.textContent).toBe(names.map((name) => (name === 'n7' ? '5' : '0')).join(''));
  });

  it('useGraph_selects_and_keeps_still_when_the_selection_does', () => {
    const store = scene();
    let renders = 0;
    const count = (graph: { nodes: object }): number => Object.keys(graph.nodes).length;
    const Count = (): ReactNode => {
      ++renders;
      return String(rtc.useGraph(count));
    };
    const List = (): ReactNode =>
      rtc.useGraph((graph) => Object.keys(graph.nodes)).join(',') + rtc.useGraph().rootKey;
    const element = render(within(store, createElement(Count), createElement(List)));
    const before = renders;
    act(() => store.edit(add('x', 'p', 1)));
    expect([element.textContent, renders]).toEqual(['2r,xr', before]);
    act(() => store.edit(insert('y', 'r')));
    expect(element.textContent).toBe('3r,x,yr');
  });

  it('useProperty_useEdit_and_useUndo_write', () => {
    const store = scene();
    let set: (value: number[]) => void = () => {};
    let edit: ReturnType<typeof rtc.useEdit> = () => null;
    let undo: rtc.Undo | undefined;
    const Panel = (): ReactNode => {
      const [value, setValue] = rtc.useProperty<number[]>('x', 'position');
      set = setValue;
      edit = rtc.useEdit();
      undo = rtc.useUndo();
      return `${String(value)} ${undo.canUndo} ${undo.canRedo}`;
    };
    const element = render(within(store, createElement(Panel)));
    expect(element.textContent).toBe('undefined true false');
    act(() => set([1, 2, 3]));
    expect(element.textContent).toBe('1,2,3 true false');
    expect(store.unacked().at(-1)!.ops[0]!.ot).toBe('vector3.set');
    act(() => void edit({ ot: 'vector3.add', key: 'x', path: 'position', value: [1, 0, 0] }));
    expect(element.textContent).toBe('2,2,3 true false');
    act(() => undo!.undo());
    expect(element.textContent).toBe('1,2,3 true true');
    act(() => undo!.redo());
    expect(element.textContent).toBe('2,2,3 true false');
  });

  it('useText_sends_what_differs', () => {
    const store = scene();
    let value: rtc.TextValue | undefined;
    const Text = (): ReactNode => (value = rtc.useText('x', 't')).text;
    const element = render(within(store, createElement(Text)));
    expect(store.isText('x', 't')).toBe(false);
    act(() => value!.insert(2, '!'));
    expect([element.textContent, store.isText('x', 't')]).toEqual(['hi!', true]);
    act(() => value!.set('hello!'));
    expect(element.textContent).toBe('hello!');
    const op = store.unacked().at(-1)!.ops[0] as { value: unknown };
    expect((op.value as string[])[1]).toBe('ello');
    act(() => value!.remove(0, 1));
    expect(element.textContent).toBe('ello!');
  });

  it('rendering_on_a_server_shows_the_state', () => {
    const Node = (): ReactNode => String(rtc.useNode('x')?.['p']);
    expect(renderToString(within(scene(), createElement(Node)))).toBe('1');
    expect(() => renderToString(createElement(Node))).toThrow(/RtcProvider/);
  });

  it('a_room_opens_shows_who_is_here_and_closes', async () => {
    const server = new FakeServer();
    ends.push(() => server.stop());
    await server.listening;
    const other: Room = connect(server.url, 'room', { client: 'bob' });
    ends.push(() => other.destroy());
    await other.synced;
    let tell: (state: unknown) => void = () => {};
    const Who = (): ReactNode => {
      const { others, set } = rtc.usePresence<string>();
      tell = set as (state: unknown) => void;
      const status = rtc.useStatus();
      return `${status?.state} ${others.map((each) => each.state).join()} ${rtc.useNode('n')?.key}`;
    };
    const props = { url: server.url, name: 'room', options: { client: 'alice' } };
    const element = render(createElement(rtc.RoomProvider, props, createElement(Who)));
    await act(() => until(() => other.status.state === 'synced' && server.clients.size >= 2));
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    act(() => void other.store.transact(() => other.store.edit(insert('n'))));
    other.presence.set('looks');
    await act(() => new Promise((resolve) => setTimeout(resolve, 150)));
    expect(element.textContent).toBe('synced looks n');
    tell('waves');
    await until(() => other.presence.others.length === 1);
    act(() => roots.splice(0).forEach((root) => root.unmount()));
    await until(() => server.clients.size === 1);
  });
});

describe('a three.js tree', () => {
  it('follows_the_scene_and_is_followed', () => {
    const store = createGraph({ client: 'a' });
    const root = new Group();
    const tags = { Box: () => new Mesh(undefined, new MeshBasicMaterial()) };
    const binding = bindScene(store, root, { tags });
    store.edit(insert('r'));
    store.edit(insert('b', 'r', { tag: 'Box', position: [1, 2, 3], color: '#ff0000' }));
    store.edit(insert('c', 'r', { visible: true }));
    const box = binding.objectOf('b') as Mesh<never, MeshBasicMaterial>;
    expect([box.position.toArray(), box.material.color.getHexString()]).toEqual([
      [1, 2, 3],
      'ff0000',
    ]);
    expect([box.parent, binding.keyOf(box)]).toEqual([binding.objectOf('r'), 'b']);
    expect(binding.objectOf('r')!.parent).toBe(root);
    store.edit({ ot: 'node.move', key: 'r', value: { nodeKey: 'b', newParent: 'c' } });
    expect(box.parent).toBe(binding.objectOf('c'));
    store.commit();
    box.position.x = 7;
    box.material.color.set('#0000ff');
    expect([binding.push(box), binding.push(box), binding.push(new Object3D())]).toEqual([
      true,
      false,
      false,
    ]);
    expect(store.getNode('b')).toMatchObject({ position: [7, 2, 3], color: '#0000ff' });
    expect(store.commit()!.ops.map((op) => op.ot)).toEqual(['vector3.set', 'color.set']);
    store.edit({ ot: 'node.remove', key: 'c', value: 'b' });
    expect([box.parent, binding.objectOf('b')]).toEqual([null, undefined]);
    store.undo();
    store.undo();
    expect(binding.objectOf('b')).toBeDefined();
    binding.dispose();
    expect(root.children).toEqual([]);
  });

  it('a_synced_object_moves_without_rendering', () => {
    const store = storeWith('a', insert('x', '', { position: [1, 0, 0] }));
    const object = new Object3D();
    let push: () => void = () => {};
    let renders = 0;
    const Box = (): ReactNode => {
      const synced = rtc.useSyncedObject<Object3D>('x');
      ++renders;
      push = synced.push;
      synced.ref(object);
      return null;
    };
    render(within(store, createElement(Box)));
    const before = renders;
    act(() => store.edit({ ot: 'vector3.set', key: 'x', path: 'position', value: [2, 0, 0] }));
    expect([object.position.x, renders]).toEqual([2, before]);
    object.position.y = 5;
    push();
    expect(store.getNode('x')!['position']).toEqual([2, 5, 0]);
  });
});

describe('a text field', () => {
  it('keeps_its_selection_and_lets_a_composition_finish', () => {
    const store = storeWith('a', insert('x', '', { t: '' }));
    const other = createGraph({ client: 'b' });
    other.receive(store.unacked()[0]!);
    const field = document.createElement('textarea');
    const end = bindTextarea(store, 'x', 't', field);
    const type = (value: string): void => {
      field.value = value;
      field.dispatchEvent(new Event('input'));
    };
    type('hello');
    expect(store.textOf('x', 't')).toBe('hello');
    for (const msg of store.unacked().slice(1)) other.receive(msg);
    field.setSelectionRange(5, 5);
    const edit = (position: number, value: string): void => {
      other.edit({ ot: 'text.insert', key: 'x', path: 't', position, value });
      store.receive(other.commit()!);
    };
    edit(0, '> ');
    expect([field.value, field.selectionStart]).toEqual(['> hello', 7]);
    field.dispatchEvent(new Event('compositionstart'));
    type('> hello日');
    edit(0, '!');
    expect([field.value, store.textOf('x', 't')]).toEqual(['> hello日', '!> hello']);
    field.dispatchEvent(new Event('compositionend'));
    expect(field.value).toBe(store.textOf('x', 't'));
    expect(field.value).toBe('!> hello日');
    end();
    edit(0, '?');
    expect(field.value).toBe('!> hello日');
  });
});
