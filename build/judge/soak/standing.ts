import type { World } from '../../../server/sandbox/grid/world/world.ts';

/** What a household has of all that it bought, fen: in its meter, and in its account where the grid keeps the balance. */
export function standingOf(world: World, meterNo: string): { creditedFen: number; count: number } {
  const { creditedFen, count, account } = world.meter(meterNo);
  // An account has whatever stands in the grid's book: no counter is between.
  if (account === undefined) return { creditedFen, count };
  return { creditedFen: creditedFen + account.creditedFen, count: Number.POSITIVE_INFINITY };
}
