import { addLegs, type Posting } from '../ledger/posting.ts';

/** How many times, and for how much in all. */
interface Tally {
  readonly times: number;
  /** As debits, fen. */
  readonly fen: number;
}

/** What a day's postings come to: by account, and by account and what was done. */
export interface DaySums {
  /** Every account on which something moved, fen; debits above zero. */
  readonly turnover: ReadonlyMap<string, number>;
  of(account: string, name: string): Tally;
  /** How many events of orders did this. */
  times(name: string): number;
}

const NOTHING: Tally = { times: 0, fen: 0 };

/** Reads each posting once and keeps sums alone: a province's day is many. */
export async function sumsOf(postings: AsyncIterable<Posting>): Promise<DaySums> {
  const turnover = new Map<string, number>();
  const tallies = new Map<string, Tally>();
  const names = new Map<string, number>();
  for await (const { name, group, legs } of postings) {
    addLegs(turnover, legs);
    // The same event may also draw on our deposit, in a group of its own.
    if (group === 'money') names.set(name, (names.get(name) ?? 0) + 1);
    for (const { account, fen } of legs) {
      const key = keyOf(account, name);
      const before = tallies.get(key) ?? NOTHING;
      tallies.set(key, { times: before.times + 1, fen: before.fen + fen });
    }
  }
  return {
    turnover,
    of: (account, name) => tallies.get(keyOf(account, name)) ?? NOTHING,
    times: (name) => names.get(name) ?? 0,
  };
}

function keyOf(account: string, name: string): string {
  return `${name} ${account}`;
}
