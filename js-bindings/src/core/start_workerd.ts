// For workerd, which compiles no bytes: the module comes from a static import.
import module from '../core.wasm';
import { initSync, startGlue as startCompiled } from './start_slim.js';
import type { Glue } from './glue.js';

export function startGlue(): Glue {
  initSync(module);
  return startCompiled();
}
