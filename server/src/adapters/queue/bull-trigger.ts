import { Queue } from 'bullmq';
import { Batches } from '../../kernel/batches.ts';
import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import type { RedisAddress } from '../redis/address.ts';
import { Reach } from '../redis/reach.ts';
import { toAskAQueue } from './queue-connection.ts';
import type { Trigger } from './trigger.ts';

export const ORDER_QUEUE = 'orders';

/** How long anybody waits for the queue. */
const PATIENCE_MS = 1_000;

/** An order's number and nothing else: an attacker who could write to the queue could move no money with it. */
export interface OrderJob {
  readonly orderNo: string;
}

/** Why an order was queued, as `Trigger.request` was told. */
export function causeOf({ id, data }: { readonly id?: string | undefined; readonly data: OrderJob }): string {
  return id?.slice(data.orderNo.length + 1) ?? '';
}

type Job = Parameters<Queue<OrderJob>['addBulk']>[0][number];
const queued: PromiseSettledResult<void> = { status: 'fulfilled', value: undefined };

/** The trigger over BullMQ. Where Redis is away it says so in the log, and the sweeper does the work. */
export class BullTrigger implements Trigger {
  readonly #queue: Queue<OrderJob>;
  /** An order is not held up for a second each time while the queue is away. */
  readonly #reach: Reach;
  #isClosed = false;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #jobs = new Batches<Job, void>(
    async (jobs) => {
      await this.#soon(this.#queue.addBulk([...jobs]));
      return jobs.map(() => queued);
    },
    // A queue that does not answer holds up no caller for longer than the one that waits for it.
    { most: 100, atOnce: 4 },
  );

  constructor(init: { redis: RedisAddress; clock: Clock; log: Logger }) {
    this.#clock = init.clock;
    this.#log = init.log;
    this.#queue = new Queue<OrderJob>(ORDER_QUEUE, {
      // Fail at once instead of holding a payer's request until Redis comes back.
      connection: toAskAQueue(init.redis),
      defaultJobOptions: { removeOnComplete: true, removeOnFail: { age: 3600, count: 1000 }, attempts: 1 },
    });
    this.#reach = new Reach({
      look: () => this.#queue.getJobCounts('waiting'),
      isOver: () => this.#isClosed,
    });
    this.#queue.on('error', (error) => {
      this.#log.warn({ err: error }, 'the order queue cannot be reached');
    });
  }

  /** Resolves once connected, or when that takes too long: then the sweeper serves the first orders. */
  async ready(): Promise<void> {
    try {
      await this.#soon(this.#queue.waitUntilReady());
    } catch (error) {
      this.#log.warn({ err: error }, 'the order queue cannot be reached yet');
    }
  }

  async request(orderNo: string, cause: string, delayMs = 0): Promise<boolean> {
    if (this.#reach.away) return false;
    const askedMs = performance.now();
    try {
      await this.#jobs.do({
        name: 'advance',
        data: { orderNo },
        opts: { jobId: `${orderNo}-${cause}`, delay: delayMs },
      });
      this.#reach.answered();
      return true;
    } catch (error) {
      this.#reach.missed(askedMs);
      this.#log.warn({ err: error, orderNo, cause }, 'an order was not queued; the sweeper will find it');
      return false;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    // Between two primaries there is nobody to say goodbye to.
    await this.#soon(this.#queue.close()).catch(() => undefined);
  }

  async #soon(answer: Promise<unknown>): Promise<void> {
    const waiting = new AbortController();
    const limit = this.#clock.sleep(PATIENCE_MS, waiting.signal).then(() => {
      throw new Error(`The queue did not answer within ${PATIENCE_MS} ms.`);
    });
    try {
      await Promise.race([answer, limit]);
    } finally {
      waiting.abort();
    }
  }
}
