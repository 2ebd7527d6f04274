import type { Clock } from '@bianmin/card/clock';
import { pagesOf } from '../../kernel/pages.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { HeardUntilStore } from '../store/heard-until.ts';
import type { TerminalHealthStore } from '../store/terminal-health.ts';
import { COUNTED_MS, type PresenceBoard } from './presence.ts';
import { RETURN_MS } from './presence-rule.ts';

const MARK_EVERY_MS = 60_000;
const AT_ONCE = 500;

export interface BoardRebuildInit {
  readonly board: PresenceBoard;
  readonly store: Pick<TerminalHealthStore, 'within'>;
  readonly heardUntil: Pick<HeardUntilStore, 'get' | 'advance'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Puts back on the board, after Redis lost it or was away, whom MongoDB knows: who is silent is not there by a beat. */
export class BoardRebuild {
  readonly #init: BoardRebuildInit;
  #nextMark = 0;

  constructor(init: BoardRebuildInit) {
    this.#init = init;
  }

  /** One look; free to repeat, and for several at once. */
  async look(): Promise<void> {
    const { board, heardUntil, clock } = this.#init;
    const span = await board.hearing.span();
    if (span === undefined) return;
    if (!span.whole) {
      await this.#rebuild();
      // Another span may have begun on a board that was lost again: the next look is for that one.
      await board.hearing.markWhole(span, await heardUntil.get());
      return;
    }
    // A shorter span proves nothing of those who were not heard in it: not all of them could come back.
    if (span.until - span.since < RETURN_MS || clock.now() < this.#nextMark) return;
    await heardUntil.advance(span.until);
    this.#nextMark = clock.now() + MARK_EVERY_MS;
  }

  async #rebuild(): Promise<void> {
    const { board, store, clock } = this.#init;
    const from = clock.now() - COUNTED_MS;
    for await (const page of pagesOf(store.within(WHOLE_PROVINCE), AT_ONCE)) {
      await board.restore(page.filter(({ seenAt }) => seenAt.getTime() >= from));
    }
  }
}
