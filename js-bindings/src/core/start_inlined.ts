// The default way to start: the wasm bytes are part of the program and compiled at first use.
import createCore from 'virtual:core-glue';
import wasmBase64 from 'virtual:core-wasm';
import { RtcError } from './error.js';
import { quiet, type CreateCore, type Glue } from './glue.js';

export function startGlue(): Glue {
  try {
    return (createCore as CreateCore)({ wasmBinary: fromBase64(wasmBase64), ...quiet });
  } catch (fault) {
    throw new RtcError(
      'internal',
      `WebAssembly cannot start here (${String(fault)}): a page that forbids it imports ` +
        "'@vuer-ai/vuer-rtc/js'; one that only forbids to compile at once imports " +
        "'@vuer-ai/vuer-rtc/slim' and awaits init()",
    );
  }
}

function fromBase64(text: string): Uint8Array {
  if (typeof Buffer === 'function') return new Uint8Array(Buffer.from(text, 'base64'));
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
