import { expect, it } from 'vitest';
import { sampleOrder } from '../../../server/src/testing/order-samples.ts';
import { storyOf } from './order-stories.ts';

const event = (n: number, name: 'sale.sent' | 'sale.not-sent') => ({ n, at: new Date(0), name, by: 'x' });

it('tells the last events of an order that waits, and why it was to be undone', () => {
  const events = [event(1, 'sale.sent'), event(2, 'sale.not-sent')];
  const over = { state: 'attention', reversal: { status: 'refused', reason: 'customer-closed' } } as const;
  const order = sampleOrder({ ...over, events });
  expect(storyOf(order)).toBe(
    `order ${order._id} is attention, reversal refused (customer-closed): sale.sent sale.not-sent`,
  );
});

it('counts the events of one that turns on the spot', () => {
  const events = Array.from({ length: 300 }, (_, n) => event(n, n % 3 === 0 ? 'sale.sent' : 'sale.not-sent'));
  expect(storyOf(sampleOrder({ state: 'done', events }))).toMatch(/: sale\.not-sent 200, sale\.sent 100$/);
});
