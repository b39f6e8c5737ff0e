// `@vuer-ai/vuer-rtc`: everything but the provider and the bindings. The rope functions, whose
// names are short, stand in the namespace `rope`.
export * from './client.js';
export * from './datastructures.js';
export * from './operations.js';
export * from './serdes.js';
export * from './state.js';
export * from './texts.js';
export * as rope from '../compat/rope.js';
export { PACKAGE_VERSION as version } from '../core/version.js';
