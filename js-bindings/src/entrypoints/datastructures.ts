// `@vuer-ai/vuer-rtc/datastructures`: the original's strings and trees.
export * from '../compat/btree.js';
export { StringRope } from '../compat/string_rope.js';
