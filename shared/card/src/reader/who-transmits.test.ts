import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const SHARED = join(import.meta.dirname, '..');
/** Drivers guard what a card counts; the others carry bytes for them, or are tests' own. */
const MAY = /^(?:chip|reader|transcript|testing|node)\//;

it('nothing above the drivers sends a card a command of its own', () => {
  const callers = readdirSync(SHARED, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => relative(SHARED, join(SHARED, name)).replaceAll('\\', '/'))
    .filter((name) => readFileSync(join(SHARED, name), 'utf8').includes('.transmit('));
  expect(callers).toContain('chip/cpu/driver.ts');
  expect(callers.filter((name) => !MAY.test(name))).toEqual([]);
});
