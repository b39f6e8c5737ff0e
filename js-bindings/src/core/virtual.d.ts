// Modules the build makes (scripts/core_modules.mjs): Emscripten's glue as an ES module, also over
// the core as JavaScript, and the wasm file, as base64 or as workerd imports it.

declare module 'virtual:core-glue' {
  /** A CreateCore of glue.ts. */
  const createCore: unknown;
  export default createCore;
}

declare module 'virtual:core-glue-js' {
  /** A CreateCore of glue.ts. */
  const createCore: unknown;
  export default createCore;
}

declare module 'virtual:core-wasm' {
  const base64: string;
  export default base64;
}

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
