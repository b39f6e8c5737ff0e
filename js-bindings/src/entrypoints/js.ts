// `@vuer-ai/vuer-rtc/js`: everything of the main entry and the provider, without WebAssembly.
export * from './index.js';
export * from './provider.js';
