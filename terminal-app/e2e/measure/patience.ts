import { vi } from 'vitest';

/** ms; no screen takes as long on any machine, however busy: only what hangs does. */
const HANGING_MS = 900_000;

/** For a file that looks at many screens in each test: how long that takes says something of the machine alone. */
export function takesItsTime(): void {
  vi.setConfig({ testTimeout: HANGING_MS, hookTimeout: HANGING_MS });
}
