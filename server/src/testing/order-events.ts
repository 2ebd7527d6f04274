import type { Order } from '../orders/model/order.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';

const AT = Date.parse('2026-03-01T02:00:00Z');

/** So long after the order was made, ms. */
export const at = (ms: number): Date => new Date(AT + ms);

/** What happened to an order, `n` of its events. */
export const event = (
  n: number,
  name: Order['events'][number]['name'],
  ms: number,
  data?: Order['events'][number]['data'],
) => ({
  ...{ n, name, at: at(ms), by: 'test' },
  ...(data === undefined ? {} : { data }),
});

/** Made, paid and written; then whatever else. */
export function written(no: string, more: Order['events'] = [], over: Partial<Order> = {}): Order {
  const payment = {
    ...samplePayment(),
    no: `${no}p1`,
    status: 'succeeded' as const,
    funds: true,
    transactionId: `T${no}`,
  };
  const events = [
    event(1, 'order.created', 0),
    event(2, 'payment.succeeded', 20_000, { no: payment.no, fen: 5000, funds: true }),
    event(3, 'write.written', 40_000),
    ...more,
  ];
  return sampleOrder({
    ...{ _id: no, idempotencyKey: no, state: 'done', payments: [payment], events, version: events.length },
    ...{ dueAt: null, updatedAt: events.at(-1)?.at ?? at(0), orgPath: ['province', '650100'] },
    ...over,
  });
}
