import { Counter, Gauge, type Registry } from 'prom-client';
import type { WriteCounter } from '../store/durable.ts';

/** What the order engine counts. Names and labels are listed in docs/operations.md. */
export interface OrderMetrics {
  readonly created: Counter;
  /** Durable writes by kind; over `created` it is what an order costs. */
  readonly writes: Counter<'kind'>;
  /** Successes that channels report and that fit no payment of ours: somebody must look. */
  readonly mismatches: Counter<'channel' | 'reason'>;
  /** Orders that a person must decide about, by reason. */
  readonly attention: Counter<'reason'>;
  /** What of an order moved for longer than it may; each is a case as well. */
  readonly stuck: Counter<'fact'>;
  /** Where the age of the oldest order that is not at rest is asked for, in seconds, whenever metrics are read. */
  oldestMovingFrom(ask: () => Promise<number>): void;
  /** What became of credits from afar, step by step. */
  readonly credits: Counter<'status'>;
  /** 1 while a channel is offered, 0 while it does not answer. */
  readonly channelUp: Gauge<'channel'>;
  readonly wrote: WriteCounter;
  /** Durable writes per order so far, for the bench. */
  writesPerOrder(): Promise<number>;
}

export function createOrderMetrics(registry: Registry): OrderMetrics {
  const registers = [registry];
  const created = new Counter({ name: 'bianmin_orders_created_total', help: 'Orders made.', registers });
  const writes = new Counter({
    name: 'bianmin_order_writes_total',
    help: 'Durable writes of the order engine, by kind.',
    labelNames: ['kind'],
    registers,
  });
  return {
    created,
    writes,
    mismatches: new Counter({
      name: 'bianmin_payment_mismatches_total',
      help: 'Payments reported by a channel that fit no payment of ours.',
      labelNames: ['channel', 'reason'],
      registers,
    }),
    attention: new Counter({
      name: 'bianmin_orders_attention_total',
      help: 'Orders that a person must decide about.',
      labelNames: ['reason'],
      registers,
    }),
    stuck: new Counter({
      name: 'bianmin_orders_stuck_total',
      help: 'Facts of orders that moved for longer than their horizon.',
      labelNames: ['fact'],
      registers,
    }),
    oldestMovingFrom(ask) {
      new Gauge({
        name: 'bianmin_orders_oldest_moving_seconds',
        help: 'Age of the oldest order that is not at rest.',
        registers,
        async collect() {
          this.set(await ask());
        },
      });
    },
    credits: new Counter({
      name: 'bianmin_order_credits_total',
      help: 'Credits from afar that reached this status.',
      labelNames: ['status'],
      registers,
    }),
    channelUp: new Gauge({
      name: 'bianmin_payment_channel_up',
      help: 'Whether a payment channel answers, as this process sees it.',
      labelNames: ['channel'],
      registers,
    }),
    wrote: (kind) => writes.inc({ kind }),
    async writesPerOrder() {
      const written = (await writes.get()).values.reduce((sum, { value }) => sum + value, 0);
      const made = (await created.get()).values.reduce((sum, { value }) => sum + value, 0);
      return made === 0 ? 0 : written / made;
    },
  };
}
