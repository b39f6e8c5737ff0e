// The one core of a program, started at its first use.
import { CoreModule } from './module.js';
import { startGlue } from './start_inlined.js';
import { PACKAGE_VERSION } from './version.js';

let started: CoreModule | undefined;

/** The one core of this copy of the package. */
export function core(): CoreModule {
  if (started === undefined) {
    started = new CoreModule(startGlue());
    warnSecondCopy();
  }
  return started;
}

/** Two copies cannot share states and errors; people should know that they have two. */
function warnSecondCopy(): void {
  const mark = Symbol.for('@vuer-ai/vuer-rtc');
  const page = globalThis as { [mark]?: string };
  const present = page[mark];
  if (present === undefined) page[mark] = PACKAGE_VERSION;
  else console.warn(`@vuer-ai/vuer-rtc is loaded twice: ${present} and ${PACKAGE_VERSION}`);
}
