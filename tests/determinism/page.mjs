// The page's side: the test calls this through the browser's protocol, with the text of a vector,
// since that protocol loses keys like __proto__.
import { digestOf } from './digest_of.mjs';

globalThis.digestOf = (line) => digestOf(JSON.parse(line));
