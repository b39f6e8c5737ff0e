// A program that says what its scenes hold: what does not fit is a compile error.
import { createGraph, type GraphStore } from '@vuer-ai/vuer-rtc';

type Vector = readonly [number, number, number];
interface Scene {
  keys: 'scene' | `box-${number}`;
  tags: 'Scene' | 'Box';
  props: { position: Vector; size: number; note: string; big: boolean };
}

const store = createGraph<Scene>({ client: 'a' });
store.edit({ ot: 'number.add', key: 'box-1', path: 'size', value: 1 });
store.edit({ ot: 'text.insert', key: 'box-1', path: 'note', position: 0, value: 'x' });
store.edit({ ot: 'vector3.add', key: 'box-1', path: 'position', value: [1, 2, 3] });
store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'scene', size: 3 } });
store.edit({ ot: 'node.remove', key: 'scene', value: 'box-1' });
store.edit({ ot: 'node.move', key: '.', value: { nodeKey: 'box-1', newParent: 'scene' } });
store.edit({ ot: 'object.merge', key: 'box-1', path: '.', value: { size: 1 } });
// @ts-expect-error no such path
store.edit({ ot: 'number.add', key: 'box-1', path: 'sizes', value: 1 });
// @ts-expect-error a note is no number
store.edit({ ot: 'number.add', key: 'box-1', path: 'note', value: 1 });
// @ts-expect-error no such key
store.edit({ ot: 'number.add', key: 'bax-1', path: 'size', value: 1 });
// @ts-expect-error no such tag
store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'scene', tag: 'Ball' } });
// @ts-expect-error a size is no string
store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'scene', size: 'x' } });
// @ts-expect-error no such key
store.getNode('ball');
export const size: number | undefined = store.getNode('box-1')?.size;
export const position: Vector | undefined = store.getNode('box-1')?.position;
export const tag: 'Scene' | 'Box' | '' | undefined = store.getNode('scene')?.tag;

const plain: GraphStore = createGraph({ client: 'b' });
plain.edit({ ot: 'number.add', key: 'any', path: 'thing', value: 1 });
