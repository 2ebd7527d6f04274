import { DirectSession } from './direct-session.ts';
import { MemoryJournal } from './memory-journal.ts';
import type { SamplePurchase } from './sample-purchase.ts';
import { MeterCardError } from '../meter-card/error.ts';
import type { WriteCardInit } from '../meter-card/write.ts';
import { openSample } from './open-sample.ts';

export async function rig(
  purchase: SamplePurchase,
  change: Partial<WriteCardInit> = {},
): Promise<WriteCardInit & { journal: MemoryJournal; session: DirectSession }> {
  const session = new DirectSession(purchase.card);
  const driver = await openSample(purchase, session);
  const journal = new MemoryJournal();
  return {
    driver,
    layout: purchase.layout,
    session,
    atr: session.atr,
    plan: purchase.plan,
    lease: { no: 3, expiresAtMonotonic: 60_000 },
    clock: { now: () => 1_000, monotonic: () => 0, sleep: () => Promise.resolve() },
    authorise: purchase.authorise,
    ...change,
    journal: (change.journal as MemoryJournal | undefined) ?? journal,
  };
}

export const codeOf = async (running: Promise<unknown>): Promise<string> => {
  try {
    await running;
  } catch (error) {
    if (error instanceof MeterCardError) return error.code;
    throw error;
  }
  return 'nothing went wrong';
};
