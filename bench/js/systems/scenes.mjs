// What the scenes of all systems hold, as plain data.
export const nodeKey = (node) => `node-${node}`;
export const blank = (length, of) => Array.from({ length }, (_, index) => of(index));
export const placed = () => ({ position: [0, 0, 0] });

/** The properties of the large scene: p0, p1, ... */
export const numbered =
  ({ properties, values }) =>
  (node) =>
    Object.fromEntries(blank(properties, (i) => [`p${i}`, values[node * properties + i]]));

/** The scenes of a system: `scene(nodes, properties)` makes one, `save` its bytes. */
export const scenesOf = (scene, save) => ({
  sceneBase: (nodes) => save(scene(nodes, placed)),
  largeScene: (large) => scene(large.nodes, numbered(large)),
});
