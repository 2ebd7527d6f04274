import { afterAll, afterEach, beforeAll } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { PROVINCE } from '@bianmin/purchase/api/org';
import { BoardRebuild } from '../fleet/terminals/board-rebuild.ts';
import { PresenceBoard } from '../fleet/terminals/presence.ts';
import { PresenceKeeper } from '../fleet/terminals/presence-keeper.ts';
import { TerminalHealthStore } from '../fleet/store/terminal-health.ts';
import { HeardUntilStore } from '../fleet/store/heard-until.ts';
import { openTestContext, type TestContext } from './context.ts';

/** A kiosk is due so often, ms; a box sixty times as seldom. */
export const KIOSK_BEATS_MS = 60_000;
export const URUMQI = [PROVINCE, '650100', 'c1'];
export const KASHI = [PROVINCE, '653100', 'c2'];

/** A web process says that it hears more often than this, ms. */
const LISTENS_MS = 20_000;

/** A terminal's id by a small number. */
export const terminalNo = (no: number): string => `t${no.toString(16).padStart(30, '0')}`;

/** What a terminal says of itself; `errors`: how often each came. */
export const says = (version: string, errors: Record<string, number> = {}) => ({
  version,
  readers: ['ACR39U'],
  errors: Object.entries(errors).map(([code, count]) => ({ code, count })),
});

/** Terminals that beat: a board in Redis, and MongoDB behind it. */
export class BeatingFleet {
  readonly t: TestContext;
  readonly store: TerminalHealthStore;
  clock = new ManualClock();
  board: PresenceBoard;

  private constructor(t: TestContext) {
    this.t = t;
    this.store = new TerminalHealthStore(t.db);
    this.board = new PresenceBoard(t.redis, this.clock);
  }

  static async open(): Promise<BeatingFleet> {
    const fleet = new BeatingFleet(await openTestContext());
    await fleet.store.prepare();
    await fleet.begin();
    return fleet;
  }

  /** Nothing was heard yet. */
  async begin(): Promise<void> {
    await this.t.redis.flushdb();
    await this.t.db.collection('terminal_health').deleteMany({});
    await this.t.db.collection('fleetheard').deleteMany({});
    this.clock = new ManualClock();
    this.board = new PresenceBoard(this.t.redis, this.clock);
    await this.board.hearing.listen();
  }

  /** So long beats could be heard. */
  async pass(ms: number): Promise<void> {
    const said: Promise<void>[] = [];
    for (let left = ms; left > 0; left -= LISTENS_MS) {
      this.clock.jump(Math.min(left, LISTENS_MS));
      said.push(this.board.hearing.listen());
    }
    await Promise.all(said);
  }

  keeper(kept: TerminalHealthStore = this.store): PresenceKeeper {
    const { board, clock, store, t } = this;
    const rebuild = new BoardRebuild({
      board,
      store,
      heardUntil: new HeardUntilStore(t.db),
      clock,
    });
    return new PresenceKeeper({ board, store: kept, rebuild, clock });
  }

  heard() {
    const { board, store, clock } = this;
    return { board, store, clock, intervals: { kiosk: KIOSK_BEATS_MS, box: 60 * KIOSK_BEATS_MS } };
  }

  /** The same, without those that were taken out of service. */
  inService(...out: string[]) {
    return { ...this.heard(), terminals: { outOfService: () => Promise.resolve(new Set(out)) } };
  }
}

/** A fleet for each test of a file, in the file's own database. */
export function eachBeatingFleet(): { readonly current: BeatingFleet } {
  const holder: { current: BeatingFleet } = { current: undefined as never };
  beforeAll(async () => {
    holder.current = await BeatingFleet.open();
  });
  afterEach(() => holder.current.begin());
  afterAll(() => holder.current.t.close());
  return holder;
}
