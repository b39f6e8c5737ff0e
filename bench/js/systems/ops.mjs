// The workloads as operations of this project.
import { blank, nodeKey } from './scenes.mjs';

export const TIME = 1_700_000_000_000;
const TOGETHER = 100;

export const TEXT = { key: nodeKey(0), path: 'text' };

const insert = (key, value) => ({ ot: 'node.insert', key, path: 'children', value });

export const setOp = (node, value) => ({
  ot: 'vector3.set',
  key: nodeKey(node),
  path: 'position',
  value: [...value],
});

export function editOp(position, removed, inserted) {
  const op = { ot: 'text.replace', ...TEXT, position };
  if (removed === 0) return { ...op, ot: 'text.insert', value: inserted };
  if (inserted === '') return { ...op, ot: 'text.delete', length: removed };
  return { ...op, length: removed, value: inserted };
}

export const editOps = ({ count, position, removed, inserted }) =>
  blank(count, (i) => editOp(position[i], removed[i], inserted[i]));

export const setOps = ({ count, node, value }) =>
  blank(count, (i) => setOp(node[i], value(i)));

/** Moves name the parent a node has; the core does not consult it. */
export const moveOps = ({ count, node, parent }) =>
  blank(count, (i) => ({
    ot: 'node.move',
    key: 'root',
    path: 'children',
    value: { nodeKey: nodeKey(node[i]), newParent: nodeKey(parent[i]) },
  }));

const root = insert('', { key: 'root', tag: 'scene' });

/** Messages of one author: a root, and nodes below it; properties(node) are theirs. */
export function sceneMessages(nodes, properties) {
  const lists = [[root]];
  for (let from = 0; from < nodes; from += TOGETHER) {
    const length = Math.min(TOGETHER, nodes - from);
    const value = (node) => ({ key: nodeKey(node), tag: 'mesh', ...properties(node) });
    lists.push(blank(length, (i) => insert('root', value(from + i))));
  }
  return lists.map((list, i) => messageOf('scene', i + 1, list));
}

const messageOf = (client, number, list) => ({
  id: `${client}:${number}`,
  client,
  clock: { [client]: number },
  lt: number,
  ts: TIME,
  ops: list,
});

export const firstOp = root;

export const bare = () => ({});
