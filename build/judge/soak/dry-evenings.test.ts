import { expect, it } from 'vitest';
import { Deposit } from '../../../server/sandbox/grid/platform/deposit.ts';
import { DryEvenings } from './dry-evenings.ts';

it('bounds nothing until its first evening, runs dry on each, and is topped up after it', async () => {
  const deposit = new Deposit();
  const evenings = new DryEvenings({ deposit, at: [3, 5], dryMs: 1, report: () => undefined });
  evenings.reached(2);
  await evenings.done();
  expect(deposit.state.availableFen).toBeNull();
  for (const [order, dry] of [
    [3, 1],
    [7, 2],
    [8, 2],
  ] as const) {
    evenings.reached(order);
    await Promise.resolve();
    await Promise.resolve();
    if (order < 8) expect(deposit.against(5_000)).toBe('vendor-credit');
    await evenings.done();
    expect(evenings.dry).toBe(dry);
    expect(deposit.against(5_000)).toBeUndefined();
  }
});
