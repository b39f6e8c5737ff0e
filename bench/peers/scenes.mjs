// What the peers' scenes hold, as plain data.
export const nodeKey = (node) => `node-${node}`;
export const blank = (length, of) => Array.from({ length }, (_, index) => of(index));
export const placed = () => ({ position: [0, 0, 0] });

/** The properties of the large scene: p0, p1, ... */
export const numbered =
  ({ properties, values }) =>
  (node) =>
    Object.fromEntries(blank(properties, (i) => [`p${i}`, values[node * properties + i]]));
