import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { orderView } from '@bianmin/purchase/api/order';
import type { OrderStore } from '../store/orders.ts';
import type { FeedItem, OrderFeed } from './feed.ts';
import type { Order } from '../model/order.ts';
import type { OrderCodes } from './codes.ts';
import { viewOf } from './view.ts';

const LIMIT = 100;

/** Told of every order that moved. Must not throw and must not be waited for. */
export interface FeedPublisher {
  publish(order: Order): void;
}

/** The feed over Redis' publish and subscribe, with one subscriber connection a process. */
export class RedisOrderFeed implements OrderFeed, FeedPublisher {
  readonly #redis: Redis;
  readonly #store: OrderStore;
  readonly #codes: OrderCodes;
  readonly #log: Logger;
  readonly #listeners = new Map<string, Set<(item: FeedItem) => void>>();
  #subscriber: Redis | undefined;

  constructor(init: { redis: Redis; store: OrderStore; codes: OrderCodes; log: Logger }) {
    this.#redis = init.redis;
    this.#store = init.store;
    this.#codes = init.codes;
    this.#log = init.log;
  }

  publish(order: Order): void {
    const message = JSON.stringify(this.#itemOf(order));
    for (const terminalId of order.watchers) {
      this.#redis.publish(channelOf(terminalId), message).catch((error: unknown) => {
        this.#log.warn({ err: error, orderNo: order._id }, 'a change was not published');
      });
    }
  }

  async changedSince(terminalId: string, sinceId: number): Promise<readonly FeedItem[]> {
    const orders = await this.#store.changedSince(terminalId, new Date(sinceId), LIMIT);
    return orders.map((order) => this.#itemOf(order));
  }

  async subscribe(terminalId: string, listener: (item: FeedItem) => void): Promise<() => Promise<void>> {
    const channel = channelOf(terminalId);
    const listeners = this.#listeners.get(channel) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(channel, listeners);
    await this.#connected().subscribe(channel);
    return async () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      await this.#subscriber?.unsubscribe(channel);
    };
  }

  close(): void {
    this.#listeners.clear();
    this.#subscriber?.disconnect();
    this.#subscriber = undefined;
  }

  #connected(): Redis {
    if (this.#subscriber !== undefined) return this.#subscriber;
    const subscriber = this.#redis.duplicate();
    subscriber.on('error', (error: unknown) => {
      this.#log.warn({ err: error }, 'the feed lost its connection; terminals poll until it is back');
    });
    subscriber.on('message', (channel: string, message: string) => {
      const { id, view } = JSON.parse(message) as { id: number; view: unknown };
      const item = { id, view: orderView.parse(view) };
      for (const listener of this.#listeners.get(channel) ?? []) listener(item);
    });
    this.#subscriber = subscriber;
    return subscriber;
  }

  #itemOf(order: Order): FeedItem {
    return { id: order.updatedAt.getTime(), view: viewOf(order, this.#codes) };
  }
}

function channelOf(terminalId: string): string {
  return `feed:${terminalId}`;
}
