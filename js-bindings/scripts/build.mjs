// Builds dist/: ES modules that share few chunks, the same for workerd, CommonJS entries over one
// bundle (so that there is one core per process), declarations for both, and the wasm file. The
// entries `slim` and `js` start their core another way and are bundles of their own. Fails when an
// entry is over its budget.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { esbuildCore, wasmFolder } from './core_modules.mjs';

const ENTRY_BUDGET = 180 * 1024;
const SLIM_BUDGET = 60 * 1024;
const OWN_CORE = ['slim', 'js'];
/**
 * Entries whose every export the main entry has, too: they take them from it. For each chunk that
 * entries share, Node would read one more file at its start.
 */
const PARTS = ['client', 'operations', 'state', 'serdes', 'datastructures', 'texts'];
/** Entries that need packages which not everybody has: bundles of their own in CommonJS too. */
const BINDINGS = ['react', 'three', 'codemirror', 'server', 'devtools'];
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { version, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = readdirSync(join(root, 'src/entrypoints'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !OWN_CORE.includes(name));

const settings = {
  absWorkingDir: root,
  bundle: true,
  target: 'es2021',
  platform: 'neutral',
  external: ['node:*', ...Object.keys(peerDependencies)],
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  legalComments: 'none',
  minify: true,
  keepNames: true,
  metafile: true,
};

/** How the core starts: src/core/start_<way>.ts. */
const starting = (way) => ({
  name: 'start',
  setup({ onResolve }) {
    onResolve({ filter: /\/start_inlined\.js$/ }, () => ({
      path: join(root, `src/core/start_${way}.ts`),
    }));
    // seen from a shared chunk
    onResolve({ filter: /\.wasm$/ }, () => ({ path: '../../core.wasm', external: true }));
  },
});

const pointsOf = (names) =>
  names.map((name) => ({ in: `src/entrypoints/${name}.ts`, out: name }));

async function buildModules(way, folder, names) {
  const { metafile } = await build({
    ...settings,
    plugins: [starting(way), esbuildCore],
    entryPoints: pointsOf(names),
    outdir: `dist/${folder}`,
    format: 'esm',
    splitting: names.length > 1,
    chunkNames: 'shared/[name]-[hash]',
  });
  return metafile;
}

/** All entries but those that start their core another way. Gives how index is made up. */
async function buildEntries(way, folder) {
  const whole = plain.filter((name) => !PARTS.includes(name));
  const metafile = await buildModules(way, folder, whole);
  await buildBindings('esm', folder);
  for (const name of PARTS) {
    const text = `export {${names[name]}} from './index.js';\n`;
    writeFileSync(join(dist, `${folder}/${name}.js`), text);
  }
  return metafile;
}

/** {entry: its exports}. */
async function exportNames() {
  const { metafile } = await build({
    ...settings,
    plugins: [esbuildCore],
    entryPoints: pointsOf([...plain, ...OWN_CORE]),
    outdir: 'dist',
    format: 'esm',
    write: false,
  });
  return Object.fromEntries(
    Object.entries(metafile.outputs).map(([file, output]) => [
      file.slice('dist/'.length, -'.js'.length),
      output.exports,
    ]),
  );
}

/** One bundle with every export; each entry picks its own names from it. */
async function buildCommonJs(way, entriesOfIt) {
  await build({
    ...settings,
    plugins: [starting(way), esbuildCore],
    stdin: {
      contents: entriesOfIt
        .map((name) => `export * as ${name} from './src/entrypoints/${name}.ts';`)
        .join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile: `dist/cjs/shared/${way}.js`,
    format: 'cjs',
  });
  for (const name of entriesOfIt) {
    const lines = names[name].map((each) => `exports.${each} = entry.${each};`);
    const head = [
      "'use strict';",
      "Object.defineProperty(exports, '__esModule', { value: true });",
      `const entry = require('./shared/${way}.js').${name};`,
    ];
    writeFileSync(join(dist, `cjs/${name}.js`), `${[...head, ...lines].join('\n')}\n`);
  }
}

/** Takes stores and rooms from the entries beside it, so that there is one core. */
const entriesBeside = {
  name: 'entries',
  setup: ({ onResolve }) =>
    onResolve({ filter: /\/entrypoints\/(client|provider|hooks)\.js$/ }, ({ path }) => ({
      path: `./${path.split('/').at(-1)}`,
      external: true,
    })),
};

async function buildBindings(format, folder) {
  await build({
    ...settings,
    plugins: [entriesBeside],
    entryPoints: pointsOf(BINDINGS),
    outdir: `dist/${folder}`,
    format,
  });
}

/** What a runtime that imports modules of WebAssembly gives. */
const WASM_TYPES = `declare const module: WebAssembly.Module;
export default module;
`;

function declare() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--emitDeclarationOnly'], {
    cwd: root,
    stdio: 'inherit',
  });
  cpSync(join(dist, 'types'), join(dist, 'cjs/types'), { recursive: true });
  writeFileSync(join(dist, 'core.wasm.d.ts'), WASM_TYPES);
}

/** Gzipped bytes of an entry with all that it imports. */
function entrySize(metafile, output, seen = new Set()) {
  if (seen.has(output)) return 0;
  seen.add(output);
  const own = gzipSync(readFileSync(join(root, output)), { level: 9 }).length;
  const imports = metafile.outputs[output].imports.filter((each) => !each.external);
  return imports.reduce((sum, each) => sum + entrySize(metafile, each.path, seen), own);
}

function checkBudget(name, size, budget) {
  console.log(`@vuer-ai/vuer-rtc: ${name} ${size} bytes gzipped (budget ${budget})`);
  if (size <= budget) return;
  console.error(`${name} is over its budget`);
  process.exitCode = 1;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'cjs'), { recursive: true });
const plain = entries.filter((name) => !BINDINGS.includes(name));
const names = await exportNames();
const metafile = await buildEntries('inlined', 'esm');
await buildCommonJs('inlined', plain);
await buildBindings('cjs', 'cjs');
await buildEntries('workerd', 'workerd');
let slim;
for (const way of OWN_CORE) {
  const own = await buildModules(way, 'esm', [way]);
  await buildCommonJs(way, [way]);
  if (way === 'slim') slim = own;
}
writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
declare();
copyFileSync(join(wasmFolder(), 'vuer_rtc.wasm'), join(dist, 'core.wasm'));
copyFileSync(join(root, '../LICENSE'), join(root, 'LICENSE'));
checkBudget('the default entry', entrySize(metafile, 'dist/esm/index.js'), ENTRY_BUDGET);
checkBudget('the slim entry', entrySize(slim, 'dist/esm/slim.js'), SLIM_BUDGET);
