import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** End to end in real Chromium: one at a time, since two cores are shared with the browser and the stack. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['terminal-app/e2e/**/*.e2e.ts', 'stb-app/e2e/**/*.e2e.ts', 'server/admin/e2e/**/*.e2e.ts'],
    globalSetup: 'stb-app/e2e/build-pages.ts',
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
  },
});
