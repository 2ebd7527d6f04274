import type { Clock } from '@bianmin/shared/clock';
import type { Logger } from 'pino';
import { startRounds } from '../queue/rounds.ts';
import type { OrderStore } from '../store/orders.ts';
import { SHARDS, type ShardLeases } from './shards.ts';

const BATCH = 50;
/** At most this many of one shard at once; the next round takes the rest. */
const AT_ONCE = 4;
/** Longer than one order takes; renewed while there is more to do. */
const LEASE_MS = 30_000;

export interface SweeperInit {
  readonly store: OrderStore;
  readonly leases: ShardLeases;
  /** This worker, unlike any other. */
  readonly holder: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly advance: (orderNo: string) => Promise<void>;
  /** After an order was advanced: tells somebody if it has been moving for too long. */
  readonly watch: (orderNo: string) => Promise<void>;
}

/**
 * Finds orders whose time to be looked at has come, whatever became of their jobs, and has them advanced. With
 * it alone everything still ends, only later. Several workers share the orders shard by shard.
 */
export class Sweeper {
  readonly #init: SweeperInit;

  constructor(init: SweeperInit) {
    this.#init = init;
  }

  /** One round; gives the most orders that were due in a shard that was ours. One that fails is left for the next round. */
  async sweep(): Promise<number> {
    const shards = Array.from({ length: SHARDS }, (_, shard) => this.#sweepShard(shard));
    return Math.max(...(await Promise.all(shards)));
  }

  async #sweepShard(shard: number): Promise<number> {
    const { leases, holder } = this.#init;
    // Looking costs no write: a lease is taken only where there is something to do.
    if ((await this.#due(shard, 1)).length === 0) return 0;
    const until = await this.#lease(shard);
    if (until === undefined) return 0;
    try {
      // Whoever had it until now may have done them.
      const due = await this.#due(shard, BATCH);
      await this.#advanceAll(shard, due, until);
      return due.length;
    } finally {
      await leases.release(shard, holder);
    }
  }

  /** `until`: when the lease ends. Stops where it could not be renewed. */
  async #advanceAll(shard: number, due: readonly string[], until: number): Promise<void> {
    const waiting = [...due];
    let renewAt = until - LEASE_MS / 2;
    let ours = Promise.resolve(true);
    const renewed = async (still: boolean): Promise<boolean> =>
      still && (await this.#lease(shard)) !== undefined;
    const hand = async (): Promise<void> => {
      for (let orderNo = waiting.shift(); orderNo !== undefined; orderNo = waiting.shift()) {
        if (this.#init.clock.now() > renewAt) {
          renewAt = this.#init.clock.now() + LEASE_MS / 2;
          ours = ours.then(renewed);
        }
        if (!(await ours)) return;
        await this.#one(orderNo);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, due.length) }, hand));
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

  /** Until when the shard is ours, in ms; undefined where another worker has it. */
  async #lease(shard: number): Promise<number | undefined> {
    const { leases, holder, clock } = this.#init;
    const now = clock.now();
    const until = now + LEASE_MS;
    const ours = await leases.take(shard, { holder, now: new Date(now), until: new Date(until) });
    return ours ? until : undefined;
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
