// Modules the build makes (scripts/core_modules.mjs): Emscripten's glue as an ES module, the wasm
// file as base64.

declare module 'virtual:core-glue' {
  import type { Glue, GlueOptions } from './glue.js';
  const createCore: (options: GlueOptions) => Glue;
  export default createCore;
}

declare module 'virtual:core-wasm' {
  const base64: string;
  export default base64;
}
