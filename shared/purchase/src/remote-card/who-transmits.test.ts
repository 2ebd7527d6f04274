import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..');

it('nothing above the card package sends a card a command of its own', () => {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.startsWith('testing'),
  );
  expect(files.length).toBeGreaterThan(100);
  const callers = files.filter((name) => readFileSync(join(SOURCE, name), 'utf8').includes('.transmit('));
  expect(callers).toEqual([]);
});
