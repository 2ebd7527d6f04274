import type { Suite } from './suite.ts';

/** Real Chromium on the whole stack, with the sandbox's meter as judge. */
const CONFIG = ['--config', 'terminal-app/e2e/vitest.config.ts'] as const;

/** One of each that must work: it is in every `npm test`. */
export const E2E_SHORT: Suite = {
  name: 'end to end in Chromium, the short set',
  args: [...CONFIG, '--project', 'e2e-short'],
};
/** All the rest. */
export const E2E: Suite = {
  name: 'end to end in Chromium',
  args: [...CONFIG, '--project', 'e2e', '--project', 'e2e-screens'],
};
/** Whatever is asked for. */
export const E2E_ALL: Suite = { name: 'end to end in Chromium', args: CONFIG };
