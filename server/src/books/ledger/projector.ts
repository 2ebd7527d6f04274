import type { Clock } from '@bianmin/shared/clock';
import type { Logger } from 'pino';
import type { CaseSink } from '../../domain/case-sink.ts';
import type { MarkStore } from '../../store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../store/order-changes.ts';
import { OVERLAP_MS, readChanges } from '../../store/read-changes.ts';
import { startRounds } from '../../queue/rounds.ts';
import { LedgerError } from './error.ts';
import type { LedgerStore } from './ledger-store.ts';
import { postingsOf } from './order-postings.ts';
import type { Posting } from './posting.ts';

const NAME = 'ledger';
/** Now and then, and at start, much further back: for writers whose clock is wrong. */
const LOOK_BACK_MS = 48 * 3_600_000;
const LOOK_BACK_EVERY_MS = 3_600_000;
/** Orders remembered as done at their version, so that an overlap costs reading only. */
const REMEMBERED = 20_000;

/**
 * Posts what happened to orders. Nothing of an order waits for it: it reads orders by when they changed, from a durable
 * mark. Adding is idempotent, so it may stop anywhere, begin again, and run twice at once.
 */
export class LedgerProjector {
  readonly #orders: OrderChanges;
  readonly #ledger: LedgerStore;
  readonly #marks: MarkStore;
  readonly #cases: CaseSink;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #done = new Map<string, number>();
  #lookedBackAt = Number.NEGATIVE_INFINITY;

  constructor(init: {
    orders: OrderChanges;
    ledger: LedgerStore;
    marks: MarkStore;
    cases: CaseSink;
    clock: Clock;
    log: Logger;
  }) {
    this.#orders = init.orders;
    this.#ledger = init.ledger;
    this.#marks = init.marks;
    this.#cases = init.cases;
    this.#clock = init.clock;
    this.#log = init.log;
  }

  /** Everything that changed up to now; gives how many postings were new. */
  async round(): Promise<number> {
    let added = 0;
    const from = { changes: this.#orders, marks: this.#marks, name: NAME, backMs: this.#backMs() };
    await readChanges(from, async (orders) => {
      added += await this.#post(orders);
    });
    return added;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    return startRounds({
      work: () => this.round(),
      what: 'the ledger',
      ...{ everyMs, clock: this.#clock, log: this.#log },
    });
  }

  #backMs(): number {
    const far = this.#clock.now() - this.#lookedBackAt >= LOOK_BACK_EVERY_MS;
    if (far) this.#lookedBackAt = this.#clock.now();
    return far ? LOOK_BACK_MS : OVERLAP_MS;
  }

  async #post(orders: readonly ChangedOrder[]): Promise<number> {
    const fresh = orders.filter(({ _id, version }) => (this.#done.get(_id) ?? 0) < version);
    const postings = fresh.flatMap((order) => this.#read(order));
    let added = 0;
    try {
      added = await this.#ledger.add(postings);
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      // One order's fault must not keep the others out of the books.
      for (const order of fresh) added += await this.#alone(order, postings);
    }
    if (this.#done.size > REMEMBERED) this.#done.clear();
    for (const { _id, version } of fresh) this.#done.set(_id, version);
    return added;
  }

  #read(order: ChangedOrder): Posting[] {
    try {
      return postingsOf(order);
    } catch (error) {
      this.#log.error({ err: error, orderNo: order._id }, 'an order cannot be posted');
      return [];
    }
  }

  async #alone(order: ChangedOrder, postings: readonly Posting[]): Promise<number> {
    try {
      return await this.#ledger.add(postings.filter(({ source }) => source === order._id));
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      this.#log.error({ err: error, orderNo: order._id }, 'an order does not fit its postings');
      await this.#cases.open({
        kind: 'ledger-unsound',
        orderNo: order._id,
        facts: { version: order.version, why: error.message.slice(0, 200) },
      });
      return 0;
    }
  }
}
