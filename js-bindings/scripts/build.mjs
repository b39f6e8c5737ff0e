// Builds dist/: ES modules that share chunks, CommonJS entries over one bundle (so that there is
// one core per process), declarations for both, and the wasm file. Fails when the default entry is
// over its budget.
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
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entries = readdirSync(join(root, 'src/entrypoints')).map((file) => file.replace(/\.ts$/, ''));

const settings = {
  absWorkingDir: root,
  bundle: true,
  target: 'es2021',
  platform: 'neutral',
  external: ['ws'],
  define: { __PACKAGE_VERSION__: JSON.stringify(version) },
  plugins: [esbuildCore],
  legalComments: 'none',
  minify: true,
  keepNames: true,
  metafile: true,
};

async function buildModules() {
  const { metafile } = await build({
    ...settings,
    entryPoints: entries.map((name) => ({ in: `src/entrypoints/${name}.ts`, out: name })),
    outdir: 'dist/esm',
    format: 'esm',
    splitting: true,
    chunkNames: 'shared/[name]-[hash]',
  });
  return metafile;
}

/** One bundle with every export; each entry picks its own names from it. */
async function buildCommonJs(metafile) {
  const all = entries.filter((name) => name !== 'index');
  await build({
    ...settings,
    stdin: {
      contents: [
        "export * from './src/entrypoints/index.ts';",
        ...all.map((n) => `export * from './src/entrypoints/${n}.ts';`),
      ].join('\n'),
      resolveDir: root,
      loader: 'ts',
    },
    outfile: 'dist/cjs/shared/all.js',
    format: 'cjs',
  });
  for (const name of entries) {
    const names = metafile.outputs[`dist/esm/${name}.js`].exports;
    const lines = names.map((each) => `exports.${each} = all.${each};`);
    const head = [
      "'use strict';",
      "Object.defineProperty(exports, '__esModule', { value: true });",
      "const all = require('./shared/all.js');",
    ];
    writeFileSync(join(dist, `cjs/${name}.js`), `${[...head, ...lines].join('\n')}\n`);
  }
  writeFileSync(join(dist, 'cjs/package.json'), '{ "type": "commonjs" }\n');
}

function declare() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--emitDeclarationOnly'], {
    cwd: root,
    stdio: 'inherit',
  });
  cpSync(join(dist, 'types'), join(dist, 'cjs/types'), { recursive: true });
}

/** Gzipped bytes of an entry with all that it imports. */
function entrySize(metafile, output, seen = new Set()) {
  if (seen.has(output)) return 0;
  seen.add(output);
  const own = gzipSync(readFileSync(join(root, output)), { level: 9 }).length;
  const imports = metafile.outputs[output].imports.filter((each) => !each.external);
  return imports.reduce((sum, each) => sum + entrySize(metafile, each.path, seen), own);
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, 'cjs'), { recursive: true });
const metafile = await buildModules();
await buildCommonJs(metafile);
declare();
copyFileSync(join(wasmFolder(), 'vuer_rtc.wasm'), join(dist, 'core.wasm'));
copyFileSync(join(root, '../LICENSE'), join(root, 'LICENSE'));
const size = entrySize(metafile, 'dist/esm/index.js');
console.log(`@vuer-ai/vuer-rtc: default entry ${size} bytes gzipped (budget ${ENTRY_BUDGET})`);
if (size > ENTRY_BUDGET) {
  console.error('the default entry is over its budget');
  process.exit(1);
}
