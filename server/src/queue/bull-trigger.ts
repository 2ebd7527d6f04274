import { Queue } from 'bullmq';
import type { Logger } from 'pino';
import type { Trigger } from './trigger.ts';

export const ORDER_QUEUE = 'orders';

/** An order's number and nothing else: whoever could write to the queue could move no money with it. */
export interface OrderJob {
  readonly orderNo: string;
}

/** The trigger over BullMQ. Where Redis is away it says so in the log, and the sweeper does the work. */
export class BullTrigger implements Trigger {
  readonly #queue: Queue<OrderJob>;
  readonly #log: Logger;

  constructor(redisUrl: string, log: Logger) {
    this.#log = log;
    this.#queue = new Queue<OrderJob>(ORDER_QUEUE, {
      // Fail at once instead of holding a payer's request until Redis comes back.
      connection: { url: redisUrl, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      skipWaitingForReady: true,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: { age: 3600, count: 1000 }, attempts: 1 },
    });
    this.#queue.on('error', (error) => {
      log.warn({ err: error }, 'the order queue cannot be reached');
    });
  }

  /** Resolves once connected, so that the first orders after a start need not wait for the sweeper. */
  async ready(): Promise<void> {
    await this.#queue.waitUntilReady();
  }

  async request(orderNo: string, cause: string, delayMs = 0): Promise<void> {
    try {
      await this.#queue.add('advance', { orderNo }, { jobId: `${orderNo}-${cause}`, delay: delayMs });
    } catch (error) {
      this.#log.warn({ err: error, orderNo, cause }, 'an order was not queued; the sweeper will find it');
    }
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
