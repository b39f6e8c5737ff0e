// Starts the core synchronously at its first use: the wasm bytes are part of the program.
import createCore from 'virtual:core-glue';
import wasmBase64 from 'virtual:core-wasm';
import { CoreModule } from './module.js';
import { PACKAGE_VERSION } from './version.js';

let started: CoreModule | undefined;

/** The one core of this copy of the package. */
export function core(): CoreModule {
  if (started === undefined) {
    warnSecondCopy();
    started = new CoreModule(
      createCore({ wasmBinary: fromBase64(wasmBase64), print: ignore, printErr: ignore }),
    );
  }
  return started;
}

function ignore(): void {}

function fromBase64(text: string): Uint8Array {
  if (typeof Buffer === 'function') return new Uint8Array(Buffer.from(text, 'base64'));
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Two copies cannot share states and errors; people should know that they have two. */
function warnSecondCopy(): void {
  const mark = Symbol.for('@vuer-ai/vuer-rtc');
  const page = globalThis as { [mark]?: string };
  const present = page[mark];
  if (present === undefined) page[mark] = PACKAGE_VERSION;
  else console.warn(`@vuer-ai/vuer-rtc is loaded twice: ${present} and ${PACKAGE_VERSION}`);
}
