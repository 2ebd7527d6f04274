import type { Clock } from '@bianmin/card/clock';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../orders/store/order-changes.ts';
import { LookBack } from '../../orders/store/look-back.ts';
import { readChanges } from '../../orders/store/read-changes.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { Books } from './add-or-report.ts';
import { drawsOf } from './deposit-draws.ts';
import { OrderPoster } from './order-poster.ts';
import { postingsOf } from './order-postings.ts';
import type { Posting } from './posting.ts';

/** Its mark's name. */
export const LEDGER_MARK = 'ledger';

export interface LedgerProjectorInit extends Books {
  readonly orders: OrderChanges;
  readonly marks: MarkStore;
  /** Since when sales take of our deposit at the grid; absent: it sells without one. */
  readonly drawsSince?: (() => Promise<Date>) | undefined;
  readonly clock: Clock;
}

/**
 * Posts what happened to orders. Nothing of an order waits for it: it reads orders by when they changed, from a durable
 * mark. Adding is idempotent, so it may stop anywhere, begin again, and run twice at once.
 */
export class LedgerProjector {
  readonly #init: LedgerProjectorInit;
  readonly #poster: OrderPoster<ChangedOrder>;
  readonly #back: LookBack;

  constructor(init: LedgerProjectorInit) {
    this.#init = init;
    this.#poster = new OrderPoster(init);
    this.#back = new LookBack(init.clock);
  }

  /** Everything that changed up to now; gives how many postings were new. */
  async round(): Promise<number> {
    const { orders: changes, marks } = this.#init;
    let added = 0;
    const from = { changes, marks, name: LEDGER_MARK, backMs: this.#back.nextMs() };
    await readChanges(from, async (orders) => {
      added += await this.#post(orders);
    });
    return added;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: 'the ledger', everyMs, clock, log });
  }

  async #post(orders: readonly ChangedOrder[]): Promise<number> {
    const since = await this.#init.drawsSince?.();
    const postings = (order: ChangedOrder): Posting[] => [
      ...postingsOf(order),
      ...(since === undefined ? [] : drawsOf(order, since)),
    ];
    return this.#poster.post(orders, postings);
  }
}
