// The packed tarball as people install it: every kind of program does the same five things, and the
// example of the README runs.
import { build as bundle } from 'esbuild';
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build as viteBuild } from 'vite';
import webpack from 'webpack';
import { documented, programOf as programOfExamples } from './examples.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const name = '@vuer-ai/vuer-rtc';
let folder = '';

const five = `
const a = createGraph({ client: 'a' });
a.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: 1 } });
const msg = a.commit();
const b = createGraph({ client: 'b' });
b.receive(msg);
const seen = b.getNode('n').p;
a.undo();
const result = JSON.stringify([seen, a.getNode('n') === undefined, a.digest() !== b.digest()]);
if (typeof document === 'undefined') console.log(result);
`;
const expected = '[1,true,true]';
const programOf = (entry: string): string => `import { createGraph } from '${entry}';\n${five}`;
const asModule = programOf(name);
const ENTRIES = [
  'client',
  'operations',
  'state',
  'crdt',
  'datastructures',
  'serdes',
  'provider',
].concat(['react', 'three', 'codemirror', 'server', 'devtools', 'slim', 'js']);
const NEIGHBOURS = ['react', 'react-dom', 'three', '@codemirror/state', '@codemirror/view'].concat(
  ['react', 'node', 'three'].map((each) => `@types/${each}`),
);

function write(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}

/** What the README shows in TypeScript. */
function recipes(): { language: string; code: string }[] {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const found = [...text.matchAll(/```(tsx?)\n([\s\S]*?)```/g)];
  expect(found.length).toBeGreaterThan(5);
  return found.map((match) => ({ language: match[1]!, code: match[2]! }));
}

/** What a program prints, or all that it said when it failed. */
function node(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : `ended with ${status}: ${stdout}${stderr}`;
}

/** The names of the values that each entry exports; the hook of three is the one of react. */
function names(): Record<string, string[]> {
  const entries = ['', '/provider', '/three', '/react', '/codemirror', '/devtools', '/server'];
  const list = entries.map((entry) => `'${entry}': Object.keys(await import('${name}${entry}'))`);
  const text = `console.log(JSON.stringify({ ${list.join(', ')}, '/slim': ['init', 'initSync'] }))`;
  const found = JSON.parse(node(write('names.mjs', text))) as Record<string, string[]>;
  found['/three'] = found['/three']!.filter((each) => !found['/react']!.includes(each));
  return found;
}

/** The examples of all comments in src. */
function examples(): string {
  const found = documented().flatMap(({ example }) => example ?? []);
  expect(found.length).toBeGreaterThan(150);
  return programOfExamples(found, names());
}

/** What the compiler says about strict programs; of the types that come with it nothing. */
function compile(resolution: 'node16' | 'bundler', files: string[]): Promise<string> {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const module = resolution === 'node16' ? 'node16' : 'esnext';
  const flags = ['--noEmit', '--strict', '--module', module, '--moduleResolution', resolution];
  const libraries = ['--lib', 'ES2022,DOM,DOM.Iterable', '--skipLibCheck', 'false'];
  const types = ['--types', 'node', '--target', 'es2022', '--jsx', 'react-jsx'];
  const own = [tsc, ...flags, ...libraries, ...types, '--skipDefaultLibCheck', ...files];
  return new Promise((resolve) =>
    execFile(process.execPath, own, { cwd: folder }, (_, stdout) => resolve(stdout)),
  );
}

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'pipe' });
  folder = mkdtempSync(join(tmpdir(), 'vuer-rtc-pack-'));
  const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  }).trim();
  const target = join(folder, 'node_modules', name);
  mkdirSync(target, { recursive: true });
  const args = ['-xzf', join(folder, packed.split('\n').at(-1)!), '-C', target];
  execFileSync('tar', [...args, '--strip-components=1']);
  write('package.json', '{ "type": "module" }');
  for (const each of NEIGHBOURS) {
    mkdirSync(dirname(join(folder, 'node_modules', each)), { recursive: true });
    symlinkSync(join(root, '../node_modules', each), join(folder, 'node_modules', each));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('runs_as_a_node_module', () => {
    expect(node(write('esm.mjs', asModule))).toBe(expected);
  });

  it('runs_in_commonjs_and_its_entries_share_one_core', () => {
    const text = `const { createGraph } = require('${name}');\n${five}
if (require('${name}/client').createGraph !== createGraph) throw new Error('two cores');
for (const entry of ${JSON.stringify(ENTRIES)}) require('${name}/' + entry);`;
    expect(node(write('cjs.cjs', text))).toBe(expected);
  });

  it('every_entry_can_be_imported_and_starts_nothing', () => {
    const imports = ENTRIES.map((entry) => `import '${name}/${entry}';`).join('\n');
    expect(node(write('entries.mjs', `${imports}\n${asModule}`))).toBe(expected);
  });

  it('the_hook_of_three_is_the_one_of_react', async () => {
    const text = `
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { createGraph } from '${name}';
import { RtcProvider } from '${name}/react';
import { useSyncedObject } from '${name}/three';
const Box = () => typeof useSyncedObject('n').push;
const props = { store: createGraph({ client: 'a' }) };
console.log(renderToString(createElement(RtcProvider, props, createElement(Box))));`;
    const entryPoints = [write('hook.mjs', text)];
    expect(node(entryPoints[0]!)).toBe('function');
    const asCommonJs = text.replace(/import (.*) from ('.*');/g, 'const $1 = require($2);');
    expect(node(write('hook.cjs', asCommonJs))).toBe('function');
    const outfile = join(folder, 'hook.out.cjs');
    const options = { entryPoints, outfile, platform: 'node', minify: true } as const;
    await bundle({ ...options, bundle: true, format: 'cjs', logLevel: 'silent' });
    expect(node(outfile)).toBe('function');
  });

  it('runs_in_a_worker', () => {
    write('in_worker.mjs', asModule);
    const text = `import { Worker } from 'node:worker_threads';
new Worker(new URL('./in_worker.mjs', import.meta.url));`;
    expect(node(write('worker.mjs', text))).toBe(expected);
  });

  it('runs_without_webassembly_and_gives_the_same_bits', () => {
    const digest = `
const store = createGraph({ client: 'a', now: () => 1 });
store.edit({ ot: 'node.insert', key: '', path: 'children', value: { key: 'n', p: [1, 2, 3] } });
store.edit({ ot: 'vector3.applyEuler', key: 'n', path: 'p', value: [0.5, -1.2, 2] });
store.edit({ ot: 'text.insert', key: 'n', path: 't', position: 0, value: 'x'.repeat(100000) });
store.commit();
console.log(store.digest(), store.getNode('n').p);`;
    const without = `delete globalThis.WebAssembly;
const { createGraph } = await import('${name}/js');\n${five}\n${digest}`;
    const printed = node(write('js.mjs', without));
    expect(printed).toBe(node(write('wasm.mjs', `${asModule}\n${digest}`)));
    const refused = `delete globalThis.WebAssembly;
const { createGraph } = await import('${name}');
try { createGraph({ client: 'a' }); } catch (fault) { console.log(fault.message); }`;
    expect(node(write('refused.mjs', refused))).toMatch(/vuer-rtc\/js.*vuer-rtc\/slim/s);
  });

  it('slim_waits_for_its_module', () => {
    const text = `import { createGraph, init, initSync } from '${name}/slim';
import { readFileSync } from 'node:fs';
try { createGraph({ client: 'a' }); throw 1; } catch (e) { if (e.code !== 'internal') throw e; }
try { initSync('x'); throw 1; } catch (e) { if (!(e instanceof TypeError)) throw e; }
await init(readFileSync(new URL(import.meta.resolve('${name}/core.wasm'))));
${five}`;
    expect(node(write('slim.mjs', text))).toBe(expected);
  });

  it('runs_without_code_from_strings', () => {
    const file = write('strict.mjs', asModule);
    expect(node('--disallow-code-generation-from-strings', file)).toBe(expected);
  });

  it('runs_after_a_vite_build', async () => {
    write('vite.mjs', asModule);
    const result = await viteBuild({
      root: folder,
      logLevel: 'silent',
      build: { lib: { entry: 'vite.mjs', formats: ['es'], fileName: 'out' }, outDir: 'vite' },
    });
    expect(result).toBeDefined();
    expect(node(join(folder, 'vite/out.js'))).toBe(expected);
  });

  it('runs_after_a_webpack_build', async () => {
    const entry = write('webpack.mjs', asModule);
    const output = { path: folder, filename: 'webpack.cjs' };
    const stats = await promisify(webpack as (o: object, call: never) => void)({
      mode: 'production',
      target: 'web',
      entry,
      output,
      performance: { hints: false },
    } as never);
    expect((stats as unknown as { hasErrors(): boolean }).hasErrors()).toBe(false);
    expect(node(join(folder, 'webpack.cjs'))).toBe(expected);
  });

  it('runs_from_a_module_that_workerd_imports', async () => {
    const entryPoints = [write('workerd.mjs', asModule)];
    const outfile = join(folder, 'workerd.out.mjs');
    const conditions = ['workerd', 'import'];
    const options = { entryPoints, outfile, conditions, external: ['*.wasm'] };
    await bundle({ ...options, bundle: true, format: 'esm', logLevel: 'silent' });
    const text = readFileSync(outfile, 'utf8').replace(
      /import (\w+) from "[./]*core\.wasm";/,
      `const $1 = new WebAssembly.Module(
        (await import('node:fs')).readFileSync('node_modules/${name}/dist/core.wasm'));`,
    );
    expect(text).not.toMatch(/AGFzbQ/);
    expect(node(write('workerd.run.mjs', text))).toBe(expected);
  });

  it('runs_as_the_script_of_a_plain_page', async () => {
    const entryPoints = [write('page.mjs', asModule)];
    const outfile = join(folder, 'page.cjs');
    await bundle({ entryPoints, bundle: true, format: 'iife', outfile, logLevel: 'silent' });
    expect(node(outfile)).toBe(expected);
  });

  it('the_example_of_the_readme_prints_what_it_says', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const example = /```js\n(import \{ createGraph[\s\S]*?)```/.exec(text)![1]!;
    const said = [...example.matchAll(/\/\/ (\[.*\]|hello|true)$/gm)].map((match) => match[1]!);
    const printed = node(write('readme.mjs', example)).replaceAll('[ ', '[').replaceAll(' ]', ']');
    expect(printed.split('\n')).toEqual(said);
  });

  for (const resolution of ['node16', 'bundler'] as const) {
    const claim = `its_types_hold_in_strict_programs_with_${resolution}_resolution`;
    it.concurrent(claim, { timeout: 300_000 }, async () => {
      const programs = join(folder, resolution);
      cpSync(join(root, 'test/programs'), programs, { recursive: true });
      for (const [i, { language, code }] of recipes().entries())
        writeFileSync(join(programs, `recipe${i}.${language}`), code);
      if (resolution === 'bundler') writeFileSync(join(programs, 'examples.tsx'), examples());
      const files = readdirSync(programs).map((file) => join(programs, file));
      if (resolution === 'node16') {
        const asCommonJs = (file: string): string => file.replace(/ts$/, 'cts');
        // the types of three are those of a module only
        const isPlain = (file: string): boolean => !readFileSync(file, 'utf8').includes("'three'");
        const plain = files.filter((file) => file.endsWith('.ts') && isPlain(file));
        for (const file of plain) cpSync(file, asCommonJs(file));
        files.push(...plain.map(asCommonJs));
      }
      expect(await compile(resolution, files)).toBe('');
    });
  }
});
