import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@bianmin/card/clock';
import type { TerminalHealth, TerminalHealthStore } from '../store/terminal-health.ts';
import type { BoardRebuild } from './board-rebuild.ts';
import type { PresenceBoard, Vitals } from './presence.ts';
import { SEEN_EVERY_MS } from './presence-rule.ts';

/** Documents that one round writes. */
export const KEEP_AT_ONCE = 500;

/**
 * Carries what the board knows into MongoDB: words when they change, and now and then that a terminal is still there.
 */
export class PresenceKeeper {
  readonly #board: PresenceBoard;
  readonly #store: TerminalHealthStore;
  readonly #rebuild: Pick<BoardRebuild, 'look'>;
  readonly #clock: Clock;
  /** Everybody heard before it has been told to MongoDB. */
  #toldUntil = 0;
  #nextSeen = 0;

  constructor(init: {
    board: PresenceBoard;
    store: TerminalHealthStore;
    rebuild: Pick<BoardRebuild, 'look'>;
    clock: Clock;
  }) {
    this.#board = init.board;
    this.#store = init.store;
    this.#rebuild = init.rebuild;
    this.#clock = init.clock;
  }

  /** One round; gives how many documents it wrote. */
  async round(): Promise<number> {
    const words = await this.#words();
    // After the words: a rebuild that fails keeps back none of them.
    await this.#rebuild.look();
    // First all words: who has no document yet would be put on the list of words once more.
    return words === KEEP_AT_ONCE ? words : words + (await this.#seen());
  }

  async #words(): Promise<number> {
    const changed = await this.#board.takeChanged(KEEP_AT_ONCE);
    if (changed.size === 0) return 0;
    try {
      const ids = [...changed.keys()];
      const [seen, kept] = await Promise.all([this.#board.seenAt(ids), this.#store.of(ids)]);
      const now = this.#clock.now();
      await this.#store.keep(
        [...changed]
          // A Redis that lost its memory takes everybody's words for new: so many writes of nothing would hold up the orders.
          .filter(([_id, vitals]) => !saysTheSame(vitals, kept.get(_id)))
          .map(([_id, vitals]) => ({ _id, ...vitals, seenAt: new Date(seen.get(_id) ?? now) })),
      );
    } catch (error) {
      await this.#board.putBack(changed.keys());
      throw error;
    }
    return changed.size;
  }

  async #seen(): Promise<number> {
    if (this.#clock.now() < this.#nextSeen) return 0;
    const seen = await this.#board.seenSince(this.#toldUntil, KEEP_AT_ONCE);
    // Whose document is gone, after a restore, says nothing new by itself.
    await this.#board.putBack(await this.#store.seen(seen));
    const latest = Math.max(this.#toldUntil, ...seen.values());
    const full = seen.size === KEEP_AT_ONCE;
    // Those of the page's last millisecond may be cut off: it is asked for again, unless the whole page was one millisecond.
    this.#toldUntil = full && latest > this.#toldUntil ? latest : latest + 1;
    if (!full) this.#nextSeen = this.#clock.now() + SEEN_EVERY_MS;
    return seen.size;
  }
}

function saysTheSame(vitals: Vitals, kept: TerminalHealth | undefined): boolean {
  if (kept === undefined) return false;
  const { _id, seenAt: _seenAt, ...said } = kept;
  return isDeepStrictEqual(vitals, said);
}
