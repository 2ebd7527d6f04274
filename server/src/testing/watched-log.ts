import { afterEach, expect } from 'vitest';
import type { Logger } from 'pino';
import { fromHex } from '@bianmin/card/bytes/hex';
import { leakIn } from '@bianmin/card/testing/secrets';
import { createLogger } from '../adapters/log/log.ts';
import { FAKE_CARD_CODE } from './fake-card.ts';

const SECRETS = [fromHex(FAKE_CARD_CODE)];
const leaks: string[] = [];

/** Whether a line gives the fakes' code away. */
export function givesCodeAway(line: string): boolean {
  return leakIn(line, SECRETS) !== undefined;
}

/**
 * The product's own logger at its loudest, for worlds of tests: nothing is printed, but every line is looked through
 * for the code of a card, and the test that made it say one fails.
 */
export function watchedLog(process: 'web' | 'worker' = 'web'): Logger {
  const write = (line: string): void => {
    if (givesCodeAway(line)) leaks.push(line);
  };
  return createLogger({ level: 'trace', process, destination: { write } });
}

afterEach(() => {
  expect(leaks.splice(0), 'lines of the log that hold the code of a card').toEqual([]);
});
