// `@vuer-ai/vuer-rtc`: everything but the provider.
export * from './client.js';
export * from './operations.js';
export * from './serdes.js';
export * from './state.js';
export { PACKAGE_VERSION as version } from '../core/version.js';
