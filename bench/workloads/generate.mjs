// The workloads as files, the same bytes on every machine: seeded generators, or a published trace.
//
// generate.mjs FOLDER [--quick] [--trace FILE.json.gz]. Little endian columns behind two or four
// u32 of sizes; every reader (js/data.mjs, native/data.cpp, peers/native/src/data.rs) knows them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Random } from '../../e2e/mixed/random.mjs';
import { writeTrace } from './typing.mjs';

export const FULL = {
  sets: { count: 200_000, nodes: 1_000 },
  moves: { count: 50_000, nodes: 10_000, writers: 4 },
  large: { nodes: 100_000, properties: 5 },
  text: { edits: 260_000 },
};
export const QUICK = {
  sets: { count: 20_000, nodes: 1_000 },
  moves: { count: 5_000, nodes: 1_000, writers: 4 },
  large: { nodes: 10_000, properties: 5 },
  text: { edits: 26_000 },
};

/** -100 .. 100 with three digits, as people place things. */
const coordinate = (random) => (random.below(200_001) - 100_000) / 1000;

function columns(...parts) {
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer)));
}

/** vector3.set of `position`: which node, and x, y, z. */
export function sets({ count, nodes }) {
  const random = new Random(1);
  const node = Uint32Array.from({ length: count }, () => random.below(nodes));
  const values = Float64Array.from({ length: 3 * count }, () => coordinate(random));
  return columns(Uint32Array.of(count, nodes), node, values);
}

/**
 * Moves of writers who do not hear each other: who, which node, under which other node. Each is
 * possible where its writer stands; all nodes begin under one root.
 */
export function moves({ count, nodes, writers }) {
  const random = new Random(2);
  const root = nodes;
  const parents = Array.from({ length: writers }, () => new Uint32Array(nodes).fill(root));
  const isBelow = (parent, node, top) => {
    for (let at = node; at !== root; at = parent[at]) if (at === top) return true;
    return false;
  };
  const rows = [new Uint32Array(count), new Uint32Array(count), new Uint32Array(count)];
  for (let i = 0; i < count; ) {
    const parent = parents[i % writers];
    const node = random.below(nodes);
    const to = random.below(nodes);
    if (parent[node] === to || isBelow(parent, to, node)) continue;
    parent[node] = to;
    [rows[0][i], rows[1][i], rows[2][i]] = [i % writers, node, to];
    i += 1;
  }
  return columns(Uint32Array.of(count, nodes), ...rows);
}

/** The numbers of a large scene, node by node: of 53 random bits, which nothing packs. */
export function large({ nodes, properties }) {
  const random = new Random(3);
  const number = () => (random.next() + random.next() / 2 ** 32) * 200 - 100;
  const values = Float64Array.from({ length: nodes * properties }, number);
  return columns(Uint32Array.of(nodes, properties), values);
}

/** The edits of a trace: position, units removed, units inserted; all inserted text; the end. */
function textFile({ edits, end }) {
  const inserted = Buffer.from(edits.map((edit) => edit[2]).join(''));
  const last = Buffer.from(end);
  const column = (of) => Uint32Array.from(edits, of);
  return Buffer.concat([
    columns(Uint32Array.of(edits.length, inserted.length, last.length, 0)),
    columns(column((edit) => edit[0]), column((edit) => edit[1]), column((edit) => edit[2].length)),
    inserted,
    last,
  ]);
}

export const text = ({ edits }) => textFile(writeTrace(edits, new Random(4)));

/** A trace of github.com/josephg/editing-traces: {startContent, endContent, txns: [{patches}]}. */
export function publishedText(file) {
  const bytes = readFileSync(file);
  const trace = JSON.parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes);
  const edits = trace.txns.flatMap((txn) => txn.patches);
  if (trace.startContent) edits.unshift([0, 0, trace.startContent]);
  // Positions of a trace count code points; all systems here count the same only below U+0080.
  if (!edits.every((edit) => /^[\x00-\x7f]*$/.test(edit[2])))
    throw new Error(`${file}: only ASCII traces can be measured`);
  return textFile({ edits, end: trace.endContent });
}

function main(folder, options) {
  const sizes = options.includes('--quick') ? QUICK : FULL;
  const trace = options.indexOf('--trace');
  const files = { sets, moves, large, text };
  mkdirSync(folder, { recursive: true });
  for (const [name, make] of Object.entries(files)) {
    const published = name === 'text' && trace >= 0;
    const bytes = published ? publishedText(options[trace + 1]) : make(sizes[name]);
    writeFileSync(join(folder, `${name}.bin`), bytes);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  main(process.argv[2], process.argv.slice(3));
