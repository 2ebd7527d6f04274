import type { Clock } from '@bianmin/card/clock';
import type { FloatEntry } from '../float/float.ts';
import type { FloatStore } from '../float/float-store.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { MarkStore } from '../../orders/store/marks.ts';
import { addOrReport, type Books } from './add-or-report.ts';
import { POSTED_KINDS, postingOfEntry } from './float-postings.ts';

const NAME = 'ledger-floats';
/** Entries are few, and their time is their writer's: far enough for a clock that is wrong. */
const LOOK_BACK_MS = 48 * 3_600_000;

export interface FloatProjectorInit extends Books {
  readonly floats: FloatStore;
  readonly marks: MarkStore;
  readonly clock: Clock;
}

/**
 * Posts what went into floats and out of them without an order. Like the orders' projector it reads from a durable mark
 * and adds what is not there: it may stop anywhere, begin again, and run twice at once.
 */
export class FloatProjector {
  readonly #init: FloatProjectorInit;
  /** Entries that are posted or reported, so that a round costs reading only. */
  readonly #done = new Set<string>();

  constructor(init: FloatProjectorInit) {
    this.#init = init;
  }

  /** Everything up to now; gives how many postings were new. */
  async round(): Promise<number> {
    const { floats, marks, clock } = this.#init;
    const began = new Date(clock.now());
    const { at } = await marks.get(NAME);
    let added = 0;
    for (const entry of await floats.ofKinds(POSTED_KINDS, new Date(at.getTime() - LOOK_BACK_MS))) {
      if (this.#done.has(entry._id)) continue;
      added += await this.#post(entry);
      this.#done.add(entry._id);
    }
    await marks.advance(NAME, { at: began, orderNo: '' });
    return added;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: "the floats' ledger", everyMs, clock, log });
  }

  async #post(entry: FloatEntry): Promise<number> {
    const posting = postingOfEntry(entry);
    if (posting === undefined) return 0;
    const about = { orderNo: 'none', key: entry._id, facts: { float: entry.float } };
    return addOrReport(this.#init, () => [posting], about);
  }
}
