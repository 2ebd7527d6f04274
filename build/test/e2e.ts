import type { Suite } from './steps.ts';

/** The purchase in real Chromium. */
export const E2E: Suite = {
  name: 'end to end in Chromium',
  args: ['--config', 'terminal-app/e2e/vitest.config.ts'],
};
