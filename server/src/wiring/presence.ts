import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { KEEP_AT_ONCE, PresenceKeeper } from '../fleet/terminals/presence-keeper.ts';

const EVERY_MS = 2_000;

/** The worker's part: what terminals say of themselves gets into MongoDB. Gives what stops it. */
export async function keepPresence({
  db,
  redis,
  clock,
  log,
}: Pick<Deps, 'db' | 'redis' | 'clock' | 'log'>): Promise<() => Promise<void>> {
  const store = new TerminalHealthStore(db);
  await store.prepare();
  const keeper = new PresenceKeeper({ board: new PresenceBoard(redis, clock), store, clock });
  return startRounds({
    work: () => keeper.round(),
    full: KEEP_AT_ONCE,
    everyMs: EVERY_MS,
    what: 'what terminals said of themselves',
    ...{ clock, log },
  });
}
