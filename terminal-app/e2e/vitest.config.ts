import { join } from 'node:path';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { PATIENCE_MS, TEST_LIMIT_MS } from './patience.ts';

const ROOT = join(import.meta.dirname, '../..');
const ALL = ['terminal-app/e2e/**/*.e2e.ts', 'stb-app/e2e/**/*.e2e.ts', 'server/admin/e2e/**/*.e2e.ts'];
/** What every change is judged by: a purchase on each face, and the worst that may happen to a card. */
const SHORT = ['**/*.short.e2e.ts'];
const SCREENS = [
  'terminal-app/e2e/screens.e2e.ts',
  'terminal-app/e2e/payer-screens.e2e.ts',
  'terminal-app/e2e/portal-screens.e2e.ts',
  'stb-app/e2e/screens.e2e.ts',
];

/**
 * Real Chromium and the whole stack. Four workers, and what files have in common (in-worker.ts) lives as long as a worker:
 * therefore no isolation. Files that need a stack of another kind start one, and end it.
 */
function project(
  name: string,
  files: { include: string[]; exclude?: string[] },
): TestProjectInlineConfiguration {
  return {
    test: {
      ...{ name, root: ROOT, ...files },
      // Most of the time a test waits for the product's own: four workers keep two cores busy.
      ...{ pool: 'forks', maxWorkers: 4, isolate: false },
      setupFiles: join(ROOT, 'build/test/measured.ts'),
      ...{ testTimeout: TEST_LIMIT_MS, hookTimeout: TEST_LIMIT_MS },
      expect: { poll: { timeout: PATIENCE_MS } },
    },
  };
}

export default defineConfig({
  test: {
    root: ROOT,
    globalSetup: 'terminal-app/e2e/build-once.ts',
    // A worker ends its stack and its browser.
    teardownTimeout: 60_000,
    projects: [
      project('e2e-short', { include: SHORT }),
      project('e2e', { include: ALL, exclude: [...SHORT, ...SCREENS] }),
      project('e2e-screens', { include: SCREENS }),
    ],
  },
});
