// The snippets of a page, what they promise, and where to run them.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const PACKAGE = '@vuer-ai/vuer-rtc';

/** All fenced blocks with their language and the line they start at. */
export function snippetsOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const blocks = text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm);
  return [...blocks].map(({ 1: language, 2: code, index }) => ({
    language,
    code,
    name: `${file}:${text.slice(0, index).split('\n').length}`,
  }));
}

/** The commands of a shell block, without their remarks. */
export function commandsOf(code) {
  const lines = code.split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trim());
  return lines.filter((line) => line !== '');
}

/** What the remarks behind console.log say will be printed. */
export function promisesOf(code) {
  const logs = code.matchAll(/^\s*console\.log\(.*\);[ ]*(?:\/\/ (.*))?$/gm);
  return [...logs].map((match) => match[1]?.trim());
}

/** A value as console.log shows it, without the spaces inside of brackets. */
export function plain(text) {
  return text
    .trim()
    .replace(/([[{])\s+/g, '$1')
    .replace(/\s+([\]}])/g, '$1');
}

/** A folder in which the package is installed as it was built. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'vuer-rtc-docs-'));
  mkdirSync(join(folder, 'node_modules', dirname(PACKAGE)), { recursive: true });
  symlinkSync(join(root, 'js-bindings'), join(folder, 'node_modules', PACKAGE));
  const ws = dirname(createRequire(import.meta.url).resolve('ws/package.json'));
  symlinkSync(ws, join(folder, 'node_modules', 'ws'));
  return folder;
}

/** Runs a program for at most 30 s, or as long as `seconds` says. */
export function run(command, args, { seconds = 30, ...options } = {}) {
  return new Promise((done) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (errors += data));
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    child.on('error', (error) => (errors += error));
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, out, errors });
    });
  });
}

/** Runs a module to its last line: a snippet that stays in a room would never end by itself. */
export function runModule(folder, name, code) {
  const file = join(folder, `${name.replace(/\W/g, '_')}.mjs`);
  writeFileSync(file, `${code}\nprocess.exit(0);\n`);
  return run(process.execPath, [file], { cwd: folder });
}
