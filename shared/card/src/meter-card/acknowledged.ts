import type { Journal, JournalEntry } from './journal.ts';

/** Cards whose lost tries are remembered, at most: the oldest are forgotten. */
const MOST_CARDS = 100;

/**
 * The server has the claim of this entry, or wants none: it leaves the journal. One that knows of tries that its card has
 * lost stays, as told, so that no key is presented to that card as if nothing had been.
 */
export async function acknowledged(journal: Journal, entry: JournalEntry): Promise<void> {
  if (entry.keys === undefined) return journal.remove(entry.orderNo);
  await journal.put({ ...entry, told: true });
  const kept = (await journal.list()).filter(({ told }) => told === true);
  for (const { orderNo } of kept.slice(0, -MOST_CARDS)) await journal.remove(orderNo);
}
