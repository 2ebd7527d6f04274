import type { Deps } from '../config/deps.ts';
import { startRounds } from '../adapters/queue/rounds.ts';
import { MarkStore } from '../orders/store/marks.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { BoardRebuild, type HeardUntil } from '../fleet/terminals/board-rebuild.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { KEEP_AT_ONCE, PresenceKeeper } from '../fleet/terminals/presence-keeper.ts';

const EVERY_MS = 2_000;
const MARK = 'hearing';

/** Among the marks of how far projectors have come. */
export function heardUntil(marks: MarkStore): HeardUntil {
  return {
    get: async () => (await marks.get(MARK)).at.getTime(),
    advance: (ms) => marks.advance(MARK, { at: new Date(ms), orderNo: '' }),
  };
}

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
  const rebuild = new BoardRebuild({ board, store, heardUntil: heardUntil(new MarkStore(db, clock)), clock });
  const keeper = new PresenceKeeper({ board, store, rebuild, clock });
  return startRounds({
    work: () => keeper.round(),
    full: KEEP_AT_ONCE,
    everyMs: EVERY_MS,
    what: 'what terminals said of themselves',
    ...{ clock, log },
  });
}
