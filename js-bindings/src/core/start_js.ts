// The core without WebAssembly: the same module turned into JavaScript.
import createCore from 'virtual:core-glue-js';
import { quiet, type CreateCore, type Glue } from './glue.js';

export function startGlue(): Glue {
  return (createCore as CreateCore)({ wasmBinary: new Uint8Array(0), ...quiet });
}
