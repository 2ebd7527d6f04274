import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '@bianmin/card/testing/property-runs';
import { chinaDay } from '../../kernel/china-time.ts';
import type { Order } from '../../orders/model/order.ts';
import { storedOrder } from '../../testing/memory-days.ts';
import { runCampaign } from '../../testing/order-campaign.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { PLAIN_FIELDS } from './order-items.ts';
import { linesOfOrder } from './order-lines.ts';
import { PlainOrderLine } from './plain-order-line.ts';
import { Wanted } from './wanted.ts';

const DAY = '2026-03-01';
const ALL = new Wanted({ first: '2000-01-01', last: '2099-12-31' });

/** As the database gives it where it is asked for the fields of a plain line. */
const stored = (order: Order): Buffer => storedOrder(order, PLAIN_FIELDS);

const bought = (over: Partial<Order> = {}): Order =>
  sampleOrder({
    payments: [samplePayment({ status: 'succeeded', paidAt: SAMPLE_TIME, transactionId: '42', funds: true })],
    sale: { status: 'sold', sentAt: SAMPLE_TIME, saleNo: 'S1', creditFen: 4000, arrearsFen: 990, feeFen: 10 },
    ...over,
  });

const moment = fc
  .constantFrom(0, 1, 12 * 3_600_000, 24 * 3_600_000 - 1, 24 * 3_600_000, -1)
  .map((ms) => new Date(Date.parse(`${DAY}T00:00:00+08:00`) + ms));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const payment = fc
  .record({
    channel: fc.constantFrom('wechat', 'alipay', 'bestpay', 'cash'),
    status: fc.constantFrom('created', 'pending', 'succeeded', 'succeeded', 'closed', 'unknown'),
    amountFen: fc.constantFrom(1, 5000, 2 ** 31, 99_999_999),
    createdAt: moment,
    paidAt: maybe(moment),
    channelNo: maybe(fc.constant('x')),
    transactionId: maybe(fc.constantFrom('42', '电-1', '')),
  })
  .map((over) => samplePayment(over as Parameters<typeof samplePayment>[0]));
const sale = fc.record({
  status: fc.constantFrom('none', 'sent', 'sold', 'sold', 'rejected', 'unknown'),
  sentAt: maybe(moment),
  saleNo: maybe(fc.constant('S1')),
  creditFen: maybe(fc.constantFrom(0, 4000)),
  arrearsFen: maybe(fc.constantFrom(0, 990)),
  feeFen: maybe(fc.constantFrom(0, 10)),
});
const refund = fc.constant({
  ...{ no: 'r', paymentNo: '260301100000000001p1', fen: 1, status: 'done', reason: 'not-sold' },
  ...{ at: SAMPLE_TIME, sentAt: SAMPLE_TIME },
});

describe('the line of a plain order', () => {
  it('is what its decoded order’s lines are, or nothing', () => {
    const wanted = [
      ALL,
      new Wanted({ first: DAY, last: DAY }),
      new Wanted({ first: DAY, last: DAY }, ['channel:wechat']),
      new Wanted({ first: DAY, last: DAY }, ['grid:collection-v1', 'channel:bestpay']),
    ];
    const order = fc.record({
      payments: fc.array(payment, { maxLength: 3 }),
      sale,
      refunds: fc.array(refund, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(order, fc.constantFrom(...wanted), (over, days) => {
        // A date that is absent is absent in the store, too.
        const made = sampleOrder(structuredClone(over) as unknown as Partial<Order>);
        const line = new PlainOrderLine(days).of(Buffer.from(stored(made)));
        if (line !== undefined) expect(line).toBe(linesOfOrder(made, days));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('is there of every order that was sold or never sent, with nothing to give back and one payment', () => {
    const line = new PlainOrderLine(ALL);
    expect(line.of(stored(bought()))).toBe(linesOfOrder(bought(), ALL));
    expect(line.of(stored(sampleOrder()))).toBe('');
    const closed = samplePayment({ no: '260301100000000001p2', status: 'closed' });
    const twice = bought({ payments: [closed, ...bought().payments] });
    expect(line.of(stored(twice))).toBe(linesOfOrder(bought(), ALL));
    expect(line.orderNo).toBe(twice._id);
  });

  it('is not there where events or a second row have something to add', () => {
    const line = new PlainOrderLine(ALL);
    const paid = bought().payments;
    const [first] = paid;
    const refunds = [{ no: 'r', paymentNo: first?.no ?? '', fen: 1, status: 'done', at: SAMPLE_TIME }];
    const others: Partial<Order>[] = [
      { refunds: refunds as unknown as Order['refunds'] },
      { payments: [...paid, ...paid.map((each) => ({ ...each, no: `${each.no}x1` }))] },
      { sale: { status: 'rejected', sentAt: SAMPLE_TIME } },
      { sale: { status: 'unknown', sentAt: SAMPLE_TIME } },
    ];
    for (const over of others) expect(line.of(stored(bought(over)))).toBeUndefined();
  });

  it('agrees with the decoded orders of a campaign of everything that goes wrong, of which most are plain', async () => {
    const { orders } = await runCampaign({ seed: 11, purchases: 60 });
    let plain = 0;
    for (const order of orders) {
      const day = chinaDay(order.createdAt);
      for (const days of [ALL, new Wanted({ first: day, last: day })]) {
        const line = new PlainOrderLine(days).of(stored(order));
        if (line === undefined) continue;
        expect(line).toBe(linesOfOrder(order, days));
        plain += 1;
      }
    }
    expect(plain).toBeGreaterThan(orders.length);
  });
});
