// `@vuer-ai/vuer-rtc/crdt`: texts by themselves.
export * from '../compat/rope.js';
export * from './texts.js';
