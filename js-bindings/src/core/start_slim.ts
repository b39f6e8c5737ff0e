// Started with a module that the program brings: core.wasm fetched, read or imported.
import createCore from 'virtual:core-glue';
import { RtcError } from './error.js';
import { quiet, type CreateCore, type Glue } from './glue.js';

let compiled: WebAssembly.Module | undefined;

/**
 * Gets the core ready; afterwards everything works as in the default entry. Takes the address of
 * core.wasm, a response, its bytes, or the compiled module. Rejects when it cannot be fetched or
 * compiled.
 *
 * @example
 * await init('/assets/core.wasm');
 */
export async function init(
  source: string | URL | Response | Promise<Response> | BufferSource | WebAssembly.Module,
): Promise<void> {
  const given = typeof source === 'string' || source instanceof URL ? fetch(source) : source;
  const loaded = await given;
  if (loaded instanceof WebAssembly.Module) compiled ??= loaded;
  else compiled ??= await WebAssembly.compile(await bytesOf(loaded));
}

/**
 * As init, at once. Throws TypeError on anything but bytes or a module.
 *
 * @example
 * initSync(await (await fetch('/assets/core.wasm')).arrayBuffer());
 */
export function initSync(source: BufferSource | WebAssembly.Module): void {
  compiled ??=
    source instanceof WebAssembly.Module ? source : new WebAssembly.Module(checkBytes(source));
}

export function startGlue(): Glue {
  const module = compiled;
  if (module === undefined)
    throw new RtcError('internal', 'call init() or initSync() before the first store');
  return (createCore as CreateCore)({
    ...quiet,
    instantiateWasm: (imports, receive) => {
      const instance = new WebAssembly.Instance(module, imports);
      receive(instance);
      return instance.exports;
    },
  });
}

async function bytesOf(source: Response | BufferSource): Promise<BufferSource> {
  if (!(source instanceof Response)) return checkBytes(source);
  if (!source.ok) throw new RtcError('internal', `core.wasm: the answer was ${source.status}`);
  return source.arrayBuffer();
}

function checkBytes(source: unknown): BufferSource {
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return source as BufferSource;
  throw new TypeError('init needs an address, a Response, bytes or a WebAssembly.Module');
}
