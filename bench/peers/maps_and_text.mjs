// What Yjs and Loro have in common: documents with named maps and texts, nodes in a map of maps.
import { blank, nodeKey } from '../js/systems/scenes.mjs';

export function sets(doc, { nodes, node, value }) {
  const map = doc.getMap('nodes');
  const maps = blank(nodes, (index) => map.get(nodeKey(index)));
  return (i) => maps[node[i]].set('position', [...value(i)]);
}

export function edits(doc, { position, removed, inserted }) {
  const text = doc.getText('text');
  return (i) => {
    if (removed[i] > 0) text.delete(position[i], removed[i]);
    if (inserted[i] !== '') text.insert(position[i], inserted[i]);
  };
}

export const position = (doc, node) => doc.getMap('nodes').get(nodeKey(node)).get('position');
export const number = (doc, node) => doc.getMap('nodes').get(nodeKey(node)).get('p0');
export const text = (doc) => doc.getText('text').toString();
