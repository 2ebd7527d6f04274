import type { Clock } from '@bianmin/card/clock';
import type { Logger } from 'pino';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { NotificationStore, StoredNotification } from '../store/notifications.ts';
import type { OrderStore } from '../store/orders.ts';
import { checkSuccess } from '../model/moves/payment.ts';
import { refundTold } from '../model/moves/refund.ts';
import type { Order } from '../model/order.ts';
import { ShardWorkers, type ShardWorkersInit } from './shard-workers.ts';
import { NOTIFICATIONS_SHARD } from '../../kernel/shards.ts';

const BATCH = 200;
/** Until one whose order could not be advanced is tried again, ms. */
const AGAIN_MS = 60_000;

export interface UnheardInit extends ShardWorkersInit {
  readonly store: OrderStore;
  readonly notifications: NotificationStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly advance: (orderNo: string) => Promise<void>;
}

/**
 * Sees to it that the order of every notification that was acknowledged hears of it, with no word from a queue and
 * whatever state the order is in: one may come to rest in the moment between a web process's reading it and storing
 * what a wallet says of it. Mostly the order has heard long before, and one mark for many is all that it costs.
 */
export class MissedNotifications {
  readonly #init: UnheardInit;
  readonly #hands: ShardWorkers;

  constructor(init: UnheardInit) {
    this.#init = init;
    this.#hands = new ShardWorkers(init);
  }

  /** One round; gives how many were due, where they were ours. */
  async sweep(): Promise<number> {
    const { notifications, clock } = this.#init;
    const now = new Date(clock.now());
    // Looking costs no write.
    if ((await notifications.due(now, 1)).length === 0) return 0;
    const found = await this.#hands.on(NOTIFICATIONS_SHARD, async (handOut) => {
      const due = await notifications.due(now, BATCH);
      const waiting = await this.#unheardOf(due);
      await notifications.heard(due.filter((each) => !waiting.includes(each)));
      const numbers = [...new Set(waiting.map(({ orderNo }) => orderNo))];
      await handOut(numbers, (orderNo) =>
        this.#tell(
          orderNo,
          waiting.filter((each) => each.orderNo === orderNo),
        ),
      );
      return due.length;
    });
    return found ?? 0;
  }

  /** Looks every `everyMs` until stopped; a full batch is followed at once by the next. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({
      work: () => this.sweep(),
      full: BATCH,
      what: 'notifications that nobody heard',
      ...{ everyMs, clock, log },
    });
  }

  async #unheardOf(due: readonly StoredNotification[]): Promise<StoredNotification[]> {
    const orders = await Promise.all(due.map(({ orderNo }) => this.#init.store.get(orderNo)));
    return due.filter((each, index) => !hasHeard(orders[index] ?? null, each));
  }

  /** Once the order was advanced it has heard, also of what it could make nothing of, and has said so. */
  async #tell(orderNo: string, about: readonly StoredNotification[]): Promise<void> {
    const { notifications, log, clock, advance } = this.#init;
    try {
      await advance(orderNo);
      log.info({ orderNo }, 'an order had not heard of a notification');
      await notifications.heard(about);
    } catch (error) {
      log.error({ err: error, orderNo }, 'an order could not hear of a notification');
      await notifications.postpone(about, new Date(clock.now() + AGAIN_MS));
    }
  }
}

function hasHeard(order: Order | null, { content, receivedAt }: StoredNotification): boolean {
  if (order === null) return true;
  if (content.kind === 'payment') return checkSuccess(order, content) === 'known';
  return refundTold(order, content, receivedAt) === undefined;
}
