import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { size } from './test/support/size.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Files that take long are run by `.ci/run` and `npm run soak`; the setup says that they are left out.
    exclude: size().name === 'default' ? ['test/**/*.long.test.ts'] : [],
    globalSetup: ['test/global-setup.ts'],
    // Campaign and command-line tests start processes and workers of their own.
    pool: 'forks',
    // A worker keeps what it has loaded: compiling the compiler anew for each file took longer than the tests.
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
