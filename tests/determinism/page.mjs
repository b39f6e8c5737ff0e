// The page's side: the test calls this through the browser's protocol.
import { digestOf } from './digest_of.mjs';

globalThis.digestOf = digestOf;
