// Our core's adapter as one file for Node, and with all workloads as one file for a page.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildCore } from '../../js-bindings/scripts/core_modules.mjs';

const here = dirname(fileURLToPath(import.meta.url));

export async function bundleCore(folder) {
  const bundle = (entry, outfile) =>
    build({
      entryPoints: [join(here, entry)],
      outfile: join(folder, outfile),
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      define: { __PACKAGE_VERSION__: '"bench"' },
      plugins: [esbuildCore],
      logLevel: 'error',
    });
  await Promise.all([bundle('systems/core.mjs', 'core.mjs'), bundle('page.mjs', 'page.mjs')]);
}
