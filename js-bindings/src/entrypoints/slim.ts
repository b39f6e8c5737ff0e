// `@vuer-ai/vuer-rtc/slim`: everything of the main entry and the provider, without the wasm bytes:
// init() or initSync() comes first.
export * from './index.js';
export * from './provider.js';
export { init, initSync } from '../core/start_slim.js';
