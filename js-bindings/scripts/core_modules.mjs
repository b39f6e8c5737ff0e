// The two virtual modules that hold the core: Emscripten's glue as an ES module, and the wasm bytes
// as base64. Both come from the wasm preset's build folder, or from RTC_WASM_DIR.
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
