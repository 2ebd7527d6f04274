import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { FORGET_AT_ONCE, TerminalStore } from '../fleet/store/terminals.ts';
import { forgetLongWaiting } from '../fleet/terminals/waiting-keeper.ts';

const EVERY_MS = 600_000;

/** The worker's part: keys that nobody accepted are forgotten. Gives what stops it. */
export function forgetWaiting({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>): () => Promise<void> {
  const terminals = new TerminalStore(db);
  return startRounds({
    ...{ work: () => forgetLongWaiting(terminals, clock), full: FORGET_AT_ONCE, everyMs: EVERY_MS },
    ...{ what: 'terminals that wait to be accepted', clock, log },
  });
}
