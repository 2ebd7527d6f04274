import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { startProgram } from '../../testing/child.ts';
import type { LargeBillRun } from '../../testing/large-bill.ts';

const MB = 2 ** 20;

it('takes a bill of 150 MB from the grid without having it whole', async () => {
  const { match, stop } = await startProgram({
    command: process.execPath,
    args: ['--import', 'tsx', join(import.meta.dirname, '../../testing/large-bill.ts'), String(150 * MB)],
    ready: /\{.*\}\n/u,
  });
  await stop();
  const run = JSON.parse(match[0]) as LargeBillRun;
  expect(run.bytes).toBeGreaterThan(150 * MB);
  expect(run.credits).toBeGreaterThan(600_000);
  expect(run.grewMb).toBeLessThan(75);
});
