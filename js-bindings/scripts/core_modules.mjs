// The virtual modules that hold the core: Emscripten's glue as an ES module, the wasm bytes as
// base64, and the glue over the same core as JavaScript. They come from the wasm preset's build
// folder, or from RTC_WASM_DIR.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export function wasmFolder() {
  const folder = resolve(process.env.RTC_WASM_DIR ?? join(here, '../../build/wasm/wasm'));
  if (!existsSync(join(folder, 'vuer_rtc.wasm'))) {
    throw new Error(`vuer_rtc.wasm is not in ${folder}: build the wasm preset first`);
  }
  return folder;
}

const sources = {
  'virtual:core-glue': () => glueModule(readFileSync(join(wasmFolder(), 'vuer_rtc.js'), 'utf8')),
  'virtual:core-glue-js': () => `${NO_WASM}\n${coreAsJs()}\n${sources['virtual:core-glue']()}`,
  'virtual:core-wasm': () => {
    const base64 = readFileSync(join(wasmFolder(), 'vuer_rtc.wasm')).toString('base64');
    return `export default "${base64}";`;
  },
};

/** The glue ends in a CommonJS and AMD tail; an export stands there instead. */
function glueModule(text) {
  const tail = text.indexOf("if (typeof exports === 'object'");
  if (tail < 0) throw new Error('the glue of Emscripten has no CommonJS tail any more');
  return `${text.slice(0, tail)}\nexport default createCore;`;
}

/** What the glue asks of WebAssembly, for a core that is JavaScript. */
const NO_WASM = `
const WebAssembly = {
  Module: class {},
  Instance: class {
    constructor(module, imports) {
      this.exports = instantiate(imports.a);
    }
  },
  RuntimeError: Error,
};`;

let asJs;

function coreAsJs() {
  const file = join(wasmFolder(), 'vuer_rtc.wasm');
  const options = { encoding: 'utf8', maxBuffer: 1 << 26 };
  asJs ??= execFileSync('wasm2js', [file, '-O', '--emscripten'], options);
  return asJs;
}

/** For esbuild. */
export const esbuildCore = {
  name: 'core',
  setup(build) {
    build.onResolve({ filter: /^virtual:core-/ }, ({ path }) => ({ path, namespace: 'core' }));
    build.onLoad({ filter: /.*/, namespace: 'core' }, ({ path }) => ({
      contents: sources[path](),
      loader: 'js',
    }));
  },
};

/** For Vite and Vitest. */
export const viteCore = {
  name: 'core',
  resolveId: (id) => (id.startsWith('virtual:core-') ? `\0${id}` : undefined),
  load: (id) => (id.startsWith('\0virtual:core-') ? sources[id.slice(1)]() : undefined),
};
