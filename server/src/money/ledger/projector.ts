import type { Clock } from '@bianmin/card/clock';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../orders/store/order-changes.ts';
import { OVERLAP_MS, readChanges } from '../../orders/store/read-changes.ts';
import { startRounds } from '../../adapters/queue/rounds.ts';
import { addAllOrReport, type Books } from './add-or-report.ts';
import { drawsOf } from './deposit-draws.ts';
import { postingsOf } from './order-postings.ts';
import type { Posting } from './posting.ts';

/** Its mark's name. */
export const LEDGER_MARK = 'ledger';
/** Now and then, and at start, much further back: for writers whose clock is wrong. */
const LOOK_BACK_MS = 48 * 3_600_000;
const LOOK_BACK_EVERY_MS = 3_600_000;
/** Orders remembered as done at their version, so that an overlap costs reading only. */
const REMEMBERED = 20_000;

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
  readonly #done = new Map<string, number>();
  #lookedBackAt = Number.NEGATIVE_INFINITY;

  constructor(init: LedgerProjectorInit) {
    this.#init = init;
  }

  /** Everything that changed up to now; gives how many postings were new. */
  async round(): Promise<number> {
    const { orders: changes, marks } = this.#init;
    let added = 0;
    const from = { changes, marks, name: LEDGER_MARK, backMs: this.#backMs() };
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

  #backMs(): number {
    const now = this.#init.clock.now();
    const far = now - this.#lookedBackAt >= LOOK_BACK_EVERY_MS;
    if (far) this.#lookedBackAt = now;
    return far ? LOOK_BACK_MS : OVERLAP_MS;
  }

  async #post(orders: readonly ChangedOrder[]): Promise<number> {
    const fresh = orders.filter(({ _id, version }) => (this.#done.get(_id) ?? 0) < version);
    const since = await this.#init.drawsSince?.();
    const postings = (order: ChangedOrder): Posting[] => [
      ...postingsOf(order),
      ...(since === undefined ? [] : drawsOf(order, since)),
    ];
    const added = await addAllOrReport(this.#init, fresh, postings);
    if (this.#done.size > REMEMBERED) this.#done.clear();
    for (const { _id, version } of fresh) this.#done.set(_id, version);
    return added;
  }
}
