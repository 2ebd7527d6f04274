import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { WriteCounter } from '../../adapters/mongo/durable.ts';

/** What the order engine counts. Names and labels are listed in docs/observability.md. */
export interface OrderMetrics {
  readonly created: Counter;
  /** Durable writes by kind; over `created` it is what an order costs. */
  readonly writes: Counter<'kind'>;
  /** Successes that channels report and that fit no payment of ours: a person must look. */
  readonly mismatches: Counter<'channel' | 'reason'>;
  /** Orders that a person must decide about, by reason. */
  readonly attention: Counter<'reason'>;
  /** What of an order moved for longer than it may; each is a case as well. */
  readonly stuck: Counter<'fact'>;
  /** What became of credits from afar, step by step. */
  readonly credits: Counter<'status'>;
  /** Moves into each state. */
  readonly entered: Counter<'state'>;
  /** How long channels take. */
  readonly channelCalls: Histogram<'channel' | 'operation' | 'outcome'>;
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
    credits: new Counter({
      name: 'bianmin_order_credits_total',
      help: 'Credits from afar that reached this status.',
      labelNames: ['status'],
      registers,
    }),
    entered: new Counter({
      name: 'bianmin_orders_entered_total',
      help: 'Times that an order came into this state.',
      labelNames: ['state'],
      registers,
    }),
    ...channelMetrics(registers),
    wrote: (kind) => writes.inc({ kind }),
    async writesPerOrder() {
      const written = (await writes.get()).values.reduce((sum, { value }) => sum + value, 0);
      const made = (await created.get()).values.reduce((sum, { value }) => sum + value, 0);
      return made === 0 ? 0 : written / made;
    },
  };
}

function channelMetrics(registers: Registry[]): Pick<OrderMetrics, 'channelCalls' | 'channelUp'> {
  return {
    channelCalls: new Histogram({
      name: 'bianmin_payment_channel_call_seconds',
      help: 'Time of a call to a payment channel.',
      labelNames: ['channel', 'operation', 'outcome'],
      buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    channelUp: new Gauge({
      name: 'bianmin_payment_channel_up',
      help: 'Whether a payment channel answers, as this process sees it.',
      labelNames: ['channel'],
      registers,
    }),
  };
}
