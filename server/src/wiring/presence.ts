import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { HeardUntilStore } from '../fleet/store/heard-until.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { BoardRebuild } from '../fleet/terminals/board-rebuild.ts';
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
  const board = new PresenceBoard(redis, clock);
  const rebuild = new BoardRebuild({ board, store, heardUntil: new HeardUntilStore(db), clock });
  const keeper = new PresenceKeeper({ board, store, rebuild, clock });
  return startRounds({
    work: () => keeper.round(),
    full: KEEP_AT_ONCE,
    everyMs: EVERY_MS,
    what: 'what terminals said of themselves',
    ...{ clock, log },
  });
}
