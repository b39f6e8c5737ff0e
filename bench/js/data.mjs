// Readers of the workload files; bytes come from the disk or over the network.

export function readSets(bytes) {
  const [count, nodes] = new Uint32Array(bytes, 0, 2);
  const node = new Uint32Array(bytes, 8, count);
  const values = new Float64Array(bytes, 8 + 4 * count, 3 * count);
  return { count, nodes, node, value: (i) => values.slice(3 * i, 3 * i + 3) };
}

export function readMoves(bytes) {
  const [count, nodes] = new Uint32Array(bytes, 0, 2);
  const column = (number) => new Uint32Array(bytes, 8 + 4 * count * number, count);
  return { count, nodes, writer: column(0), node: column(1), parent: column(2) };
}

export function readLarge(bytes) {
  const [nodes, properties] = new Uint32Array(bytes, 0, 2);
  return { nodes, properties, values: new Float64Array(bytes, 8, nodes * properties) };
}

/** Positions and lengths count UTF-16 units. */
export function readText(bytes) {
  const [count, insertedBytes, endBytes] = new Uint32Array(bytes, 0, 3);
  const column = (number) => new Uint32Array(bytes, 16 + 4 * count * number, count);
  const lengths = column(2);
  const from = 16 + 12 * count;
  const string = (at, size) => new TextDecoder().decode(new Uint8Array(bytes, at, size));
  const all = string(from, insertedBytes);
  const inserted = new Array(count);
  for (let i = 0, at = 0; i < count; at += lengths[i], ++i)
    inserted[i] = all.slice(at, at + lengths[i]);
  const end = string(from + insertedBytes, endBytes);
  return { count, position: column(0), removed: column(1), inserted, end };
}

export const READERS = { sets: readSets, moves: readMoves, large: readLarge, text: readText };

/** FNV-1a over all numbers and letters in the order they are used: all readers of a file agree. */
export class Fingerprint {
  hash = 0x811c9dc5;
  scratch = new DataView(new ArrayBuffer(8));

  byte(value) {
    this.hash = Math.imul(this.hash ^ value, 0x01000193) >>> 0;
  }

  number(value) {
    this.scratch.setFloat64(0, value, true);
    for (let i = 0; i < 8; ++i) this.byte(this.scratch.getUint8(i));
  }

  text(value) {
    for (const byte of new TextEncoder().encode(value)) this.byte(byte);
  }
}

const TAKEN = {
  sets: (data, print) => {
    for (let i = 0; i < data.count; ++i)
      [data.node[i], ...data.value(i)].forEach((value) => print.number(value));
  },
  moves: (data, print) => {
    for (let i = 0; i < data.count; ++i)
      [data.writer[i], data.node[i], data.parent[i]].forEach((value) => print.number(value));
  },
  large: (data, print) => data.values.forEach((value) => print.number(value)),
  text: (data, print) => {
    for (let i = 0; i < data.count; ++i) {
      print.number(data.position[i]);
      print.number(data.removed[i]);
      print.text(data.inserted[i]);
    }
    print.text(data.end);
  },
};

/** Eight hexadecimal digits. */
export function fingerprint(name, bytes) {
  const print = new Fingerprint();
  TAKEN[name](READERS[name](bytes), print);
  return print.hash.toString(16).padStart(8, '0');
}
