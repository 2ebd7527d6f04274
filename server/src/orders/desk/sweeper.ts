import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { OrderStore } from '../store/orders.ts';
import { ShardWorkers, type ShardWorkersInit } from './shard-workers.ts';
import { SHARDS } from '../../kernel/shards.ts';

const BATCH = 50;

export interface SweeperInit extends ShardWorkersInit {
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly advance: (orderNo: string) => Promise<void>;
  /** After an order was advanced: reports it if it has been moving for too long. */
  readonly watch: (orderNo: string) => Promise<void>;
}

/**
 * Finds orders whose time to be looked at has come, whatever became of their jobs, and has them advanced. With
 * it alone everything still ends, only later. Several workers share the orders shard by shard.
 */
export class Sweeper {
  readonly #init: SweeperInit;
  readonly #hands: ShardWorkers;

  constructor(init: SweeperInit) {
    this.#init = init;
    this.#hands = new ShardWorkers(init);
  }

  /** One round; gives the most orders that were due in a shard that was ours. One that fails is left for the next round. */
  async sweep(): Promise<number> {
    const shards = Array.from({ length: SHARDS }, (_, shard) => this.#sweepShard(shard));
    return Math.max(...(await Promise.all(shards)));
  }

  async #sweepShard(shard: number): Promise<number> {
    // Looking costs no write: a lease is taken only where there is something to do.
    if ((await this.#due(shard, 1)).length === 0) return 0;
    const found = await this.#hands.on(shard, async (handOut) => {
      // The worker that had it until now may have done them.
      const due = await this.#due(shard, BATCH);
      await handOut(due, (orderNo) => this.#one(orderNo));
      return due.length;
    });
    return found ?? 0;
  }

  async #one(orderNo: string): Promise<void> {
    try {
      await this.#init.advance(orderNo);
      await this.#init.watch(orderNo);
    } catch (error) {
      this.#init.log.error({ err: error, orderNo }, 'an order could not be advanced');
    }
  }

  #due(shard: number, limit: number): Promise<string[]> {
    return this.#init.store.due(new Date(this.#init.clock.now()), { shard, limit });
  }

  /** Sweeps every `everyMs` until stopped; a full batch is followed at once by the next. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({
      work: () => this.sweep(),
      full: BATCH,
      what: 'orders that are due',
      ...{ everyMs, clock, log },
    });
  }
}
