// Tests run on the sources, with the real core from the wasm build.
import { viteCore } from './scripts/core_modules.mjs';

export default {
  plugins: [viteCore],
  test: {
    include: ['test/**/*_test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    execArgv: ['--expose-gc'],
  },
};
