// The packed tarball as people install it: every kind of program does the same five things, and the
// example of the README runs.
import { build as bundle } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as viteBuild } from 'vite';
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
const asModule = `import { createGraph } from '${name}';\n${five}`;

function write(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}

const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).trim();

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
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('runs_as_a_node_module', () => {
    expect(node(write('esm.mjs', asModule))).toBe(expected);
  });

  it('runs_in_commonjs_and_its_entries_share_one_core', () => {
    const text = `const { createGraph } = require('${name}');\n${five}
const client = require('${name}/client');
if (client.createGraph !== createGraph) throw new Error('two cores');
for (const entry of ['operations', 'state', 'serdes', 'provider']) require('${name}/' + entry);`;
    expect(node(write('cjs.cjs', text))).toBe(expected);
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

  it('its_types_compile_in_strict_programs', () => {
    const wrong = `import { createGraph } from '${name}';
const store = createGraph({ client: 'a' });
store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 1 });
// @ts-expect-error a string is no number
store.edit({ ot: 'number.add', key: 'n', path: 'p', value: 'one' });
export const key: string | undefined = store.getNode('n')?.key;\n`;
    const files = [write('types.mts', wrong), write('types.cts', wrong)];
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'node16', '--moduleResolution', 'node16'];
    const libraries = ['--lib', 'ES2022,DOM', '--skipLibCheck', 'false'];
    expect(node(tsc, ...flags, ...libraries, ...files)).toBe('');
  });
});
