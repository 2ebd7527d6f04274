import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'shared/src/**/*.test.ts',
      'server/**/*.test.ts',
      'terminal-app/src/**/*.test.ts',
      'terminal-app/e2e/**/*.test.ts',
      'stb-app/src/**/*.test.ts',
      'stb-app/portal/**/*.test.ts',
      'build/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: 'build/test/services.ts',
    setupFiles: 'build/test/properties.ts',
    pool: 'threads',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
