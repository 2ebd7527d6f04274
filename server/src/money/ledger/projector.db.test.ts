import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { CaseReport } from '../../orders/model/case-sink.ts';
import type { Order } from '../../orders/model/order.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { runCampaign } from '../../testing/order-campaign.ts';
import { samplePayment, sampleOrder } from '../../testing/order-samples.ts';
import { LedgerStore } from './ledger-store.ts';
import { postingsOf } from './order-postings.ts';
import { turnoverOf, type Posting } from './posting.ts';
import { LedgerProjector } from './projector.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function rig() {
  const db = t.another();
  const orders = new MongoOrderStore({
    db,
    seal: new NumberSeal(Buffer.alloc(32, 1)),
    wrote: () => undefined,
  });
  const ledger = new LedgerStore(db);
  await Promise.all([orders.prepare(), ledger.prepare()]);
  const reports: CaseReport[] = [];
  const clock = new ManualClock();
  const projector = (): LedgerProjector =>
    new LedgerProjector({
      orders: new OrderChanges(db, clock),
      ledger,
      marks: new MarkStore(db, clock),
      cases: { open: (report) => Promise.resolve(void reports.push(report)) },
      clock,
      log: pino({ level: 'silent' }),
    });
  return { db, orders, ledger, clock, projector, reports };
}

const paid = (digit: number): Order => {
  const _id = `26030110000000000${digit}`;
  const at = new Date('2026-03-01T02:00:00Z');
  return sampleOrder({
    _id,
    idempotencyKey: _id,
    version: 2,
    payments: [samplePayment({ no: `${_id}p1`, status: 'succeeded', transactionId: _id, funds: true })],
    events: [
      { n: 1, at, name: 'order.created', by: 'terminal' },
      { n: 2, at, name: 'payment.succeeded', by: 'channel', data: { no: `${_id}p1`, fen: 5000 } },
    ],
  });
};

async function all(ledger: LedgerStore): Promise<Posting[]> {
  const postings: Posting[] = [];
  for await (const posting of ledger.read({})) postings.push(posting);
  return postings;
}

describe('the ledger’s projector', () => {
  it('posts a campaign exactly once, with two of them at it, again and again', async () => {
    const { ledger, projector, orders } = await rig();
    const [a, b] = [projector(), projector()];
    const { orders: made } = await runCampaign({ seed: 5, purchases: 60 });
    for (const order of made) await orders.insert(order);
    await Promise.all([a.round(), b.round()]);
    await Promise.all([a.round(), projector().round()]);
    const kept = await all(ledger);
    const expected = made.flatMap((order) => postingsOf(order));
    expect(kept).toHaveLength(expected.length);
    expect(await ledger.turnover()).toEqual(turnoverOf(expected));
    expect(await a.round()).toBe(0);
  });

  it('goes on where it stopped, and sees an order again when it has changed', async () => {
    const { ledger, projector, orders, clock } = await rig();
    const order = paid(1);
    await orders.insert(order);
    expect(await projector().round()).toBe(1);
    const at = new Date(order.updatedAt.getTime() + 1000);
    const sold = { saleNo: 's', count: 2, creditFen: 4000, arrearsFen: 990, feeFen: 10 };
    await orders.replace(order, {
      ...order,
      version: 3,
      sale: { ...order.sale, status: 'sold' },
      events: [...order.events, { n: 3, at, name: 'sale.sold', by: 'grid', data: sold }],
      updatedAt: at,
    });
    clock.jump(5000);
    expect(await projector().round()).toBe(1);
    expect(Object.fromEntries(await ledger.turnover())).toEqual({
      'channel:wechat': 5000,
      'payer:held': 0,
      'grid:collection-v1:credit': -4000,
      'grid:collection-v1:arrears': -990,
      'grid:collection-v1:fee': -10,
    });
  });

  it('finds an order that became visible only after a later one was read', async () => {
    const { ledger, projector, orders } = await rig();
    const one = projector();
    await orders.insert({ ...paid(2), updatedAt: new Date('2026-03-01T02:00:05Z') });
    await one.round();
    await orders.insert({ ...paid(1), updatedAt: new Date('2026-03-01T02:00:00Z') });
    await one.round();
    expect((await all(ledger)).map(({ source }) => source.slice(-1))).toEqual(['1', '2']);
  });

  it('reports an order that does not fit what was posted of it, and posts the others', async () => {
    const { ledger, projector, orders, reports } = await rig();
    const [posting] = postingsOf(paid(1));
    if (posting === undefined) throw new Error('There is nothing to post.');
    await ledger.add([{ ...posting, legs: posting.legs.map((leg) => ({ ...leg, fen: leg.fen * 2 })) }]);
    await orders.insert(paid(1));
    await orders.insert(paid(2));
    expect(await projector().round()).toBe(1);
    expect(reports).toMatchObject([{ kind: 'ledger-unsound', orderNo: paid(1)._id }]);
  });

  it('reports an order whose events cannot be read, and posts the others', async () => {
    const { ledger, projector, orders, reports } = await rig();
    const bent = paid(1);
    const events = bent.events.map((event) => ({ ...event, data: { ...event.data, fen: 'a lot' } }));
    await orders.insert({ ...bent, events });
    await orders.insert(paid(2));
    const one = projector();
    expect(await one.round()).toBe(1);
    expect((await all(ledger)).map(({ source }) => source)).toEqual([paid(2)._id]);
    expect(reports).toMatchObject([{ kind: 'ledger-unsound', orderNo: bent._id }]);
  });

  it('refuses a posting that does not add up', async () => {
    const { ledger } = await rig();
    const [posting] = postingsOf(paid(1));
    if (posting === undefined) throw new Error('There is nothing to post.');
    const bent = { ...posting, legs: posting.legs.slice(1) };
    await expect(ledger.add([bent])).rejects.toMatchObject({ code: 'ledger.unsound' });
    expect(await all(ledger)).toEqual([]);
  });
});
