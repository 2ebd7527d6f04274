import { Counter, type Registry } from 'prom-client';
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
  /** What became of credits from afar, step by step. */
  readonly credits: Counter<'status'>;
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
    credits: new Counter({
      name: 'bianmin_order_credits_total',
      help: 'Credits from afar that reached this status.',
      labelNames: ['status'],
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
