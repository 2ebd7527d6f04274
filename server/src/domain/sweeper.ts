import type { Clock } from '@bianmin/shared/clock';
import type { Logger } from 'pino';
import type { OrderStore } from '../store/orders.ts';

const BATCH = 50;
/** At most this many at once; the next round takes the rest. */
const AT_ONCE = 8;

/**
 * Finds orders whose time to be looked at has come, whatever became of their jobs, and has them advanced. With
 * it alone everything still ends, only later.
 */
export class Sweeper {
  readonly #store: OrderStore;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #advance: (orderNo: string) => Promise<void>;

  constructor(init: {
    store: OrderStore;
    clock: Clock;
    log: Logger;
    advance: (orderNo: string) => Promise<void>;
  }) {
    this.#store = init.store;
    this.#clock = init.clock;
    this.#log = init.log;
    this.#advance = init.advance;
  }

  /** One round; gives how many orders were due. An order that fails is left for the next round. */
  async sweep(): Promise<number> {
    const due = await this.#store.due(new Date(this.#clock.now()), BATCH);
    const waiting = [...due];
    const hand = async (): Promise<void> => {
      for (let orderNo = waiting.shift(); orderNo !== undefined; orderNo = waiting.shift()) {
        await this.#one(orderNo);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, hand));
    return due.length;
  }

  async #one(orderNo: string): Promise<void> {
    try {
      await this.#advance(orderNo);
    } catch (error) {
      this.#log.error({ err: error, orderNo }, 'an order could not be advanced');
    }
  }

  /** Sweeps every `everyMs` until stopped; a full batch is followed at once by the next. */
  start(everyMs: number): () => Promise<void> {
    const stopping = new AbortController();
    const running = this.#run(everyMs, stopping.signal);
    return async () => {
      stopping.abort(new Error('The sweeper stops.'));
      await running;
    };
  }

  async #run(everyMs: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let found = 0;
      try {
        found = await this.sweep();
      } catch (error) {
        this.#log.error({ err: error }, 'the sweeper could not look for orders');
      }
      if (found >= BATCH) continue;
      // Rejects only when it is told to stop.
      await this.#clock.sleep(everyMs, signal).catch(() => undefined);
    }
  }
}
