import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { pino } from 'pino';
import { createInvoiceSandbox, type InvoiceSandbox } from '../../../sandbox/invoice/sandbox.ts';
import type { InvoiceFault } from '../../../sandbox/invoice/platform.ts';
import type { Order } from '../../orders/model/order.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment, SAMPLE_TIME } from '../../testing/order-samples.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { InvoiceFollower } from './follower.ts';
import { HttpInvoicePlatform } from '../../gateways/invoice/http-platform.ts';
import { InvoiceStore } from './invoice-store.ts';
import { Invoices } from './invoices.ts';

const KEY = randomBytes(32);
const BUYER = { title: '王小明' };
const HOUR = 3_600_000;
const payment = samplePayment({ status: 'succeeded', funds: true, transactionId: 't1' });

let t: TestContext;
let clock: ManualClock;
let platform: InvoiceSandbox;
let store: InvoiceStore;
let invoices: Invoices;
let order: Order;

beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  clock = new ManualClock();
  platform = await createInvoiceSandbox({ key: KEY, clock });
  t.db.deleteModel(/^Invoice$/u);
  await t.db.collection('invoices').deleteMany({});
  store = new InvoiceStore(t.db);
  await store.prepare();
  order = sampleOrder({ state: 'done', payments: [payment] });
  invoices = made(platform.url);
});
afterEach(() => platform.close());

function made(url: string): Invoices {
  return new Invoices({
    store,
    orders: { get: () => Promise.resolve(order) },
    seal: new NumberSeal(KEY),
    clock,
    log: pino({ level: 'silent' }),
    platform: new HttpInvoicePlatform({ url, key: KEY, timeoutMs: 60_000, clock }),
  });
}

/** Rounds until nothing waits, an hour between them. */
async function settle(): Promise<void> {
  for (let round = 0; round < 12; round += 1) {
    while ((await invoices.work()) > 0);
    clock.jump(HOUR);
  }
}

describe('an invoice', () => {
  it('is issued over what was paid, and asking again gives the same one', async () => {
    const first = await invoices.request(order, BUYER);
    await settle();
    const [known] = await invoices.ofOrder(order._id);
    expect(known).toMatchObject({ _id: first._id, status: 'issued', totalFen: 5000 });
    expect(known).not.toHaveProperty('dueAt');
    expect((await invoices.request(order, { title: 'another' }))._id).toBe(first._id);
    expect(platform.books.standing()).toEqual([{ orderNo: order._id, totalFen: 5000 }]);
  });

  it('that a server of before put to rest is looked at no more', async () => {
    const { _id } = await invoices.request(order, BUYER);
    await t.db.collection<{ _id: string }>('invoices').updateOne({ _id }, { $set: { dueAt: null } });
    expect(await invoices.work()).toBe(0);
  });

  it('asked for by two at once is one', async () => {
    const both = await Promise.all([invoices.request(order, BUYER), invoices.request(order, BUYER)]);
    expect(new Set(both.map(({ _id }) => _id)).size).toBe(1);
  });

  it('is not to be had before the electricity has arrived', async () => {
    await expect(invoices.request(sampleOrder(), BUYER)).rejects.toMatchObject({ code: 'invoice.not-yet' });
  });

  it('keeps the buyer sealed', async () => {
    await invoices.request(order, BUYER);
    const stored = await t.db.collection('invoices').findOne({});
    expect(JSON.stringify(stored)).not.toContain(BUYER.title);
    await settle();
    expect([...platform.books.kept.values()][0]?.request.buyer.title).toBe(BUYER.title);
  });

  it.each<InvoiceFault>(['lost-answer', 'lost-request', 'busy', 'unsigned'])(
    'is issued once although the platform answers with %s',
    async (fault) => {
      await invoices.request(order, BUYER);
      platform.faults.push(fault, fault);
      await settle();
      expect(platform.books.standing()).toEqual([{ orderNo: order._id, totalFen: 5000 }]);
      expect(platform.books.kept.size).toBe(1);
    },
  );

  it('is issued by one of two workers', async () => {
    await invoices.request(order, BUYER);
    const other = made(platform.url);
    await Promise.all([invoices.work(), other.work()]);
    await settle();
    expect(platform.books.kept.size).toBe(1);
  });

  it('that was refused says so, and may be asked for again', async () => {
    await invoices.request(order, BUYER);
    platform.faults.push('refuse');
    await settle();
    const [refused] = await invoices.ofOrder(order._id);
    expect(refused?.status).toBe('refused');
    expect(refused).not.toHaveProperty('dueAt');
    await invoices.request(order, BUYER);
    await settle();
    expect(platform.books.standing()).toHaveLength(1);
  });

  it('is cancelled when money goes back, and what is left is invoiced anew', async () => {
    await invoices.request(order, BUYER);
    await settle();
    order = {
      ...order,
      refunds: [
        { no: 'r1', paymentNo: payment.no, fen: 2000, status: 'done', reason: 'requested', at: SAMPLE_TIME },
      ],
    };
    await invoices.follow(order);
    await invoices.follow(order);
    await settle();
    expect(platform.books.standing()).toEqual([{ orderNo: order._id, totalFen: 3000 }]);
    expect((await invoices.ofOrder(order._id)).map(({ kind, status }) => [kind, status])).toEqual([
      ['blue', 'issued'],
      ['red', 'issued'],
      ['blue', 'issued'],
    ]);
  });

  it('that was being issued while money went back is cancelled once it is', async () => {
    platform.books.workMs = HOUR;
    await invoices.request(order, BUYER);
    await invoices.work();
    order = {
      ...order,
      refunds: [
        { no: 'r1', paymentNo: payment.no, fen: 5000, status: 'sent', reason: 'requested', at: SAMPLE_TIME },
      ],
    };
    await invoices.follow(order);
    await settle();
    expect(platform.books.standing()).toEqual([]);
  });

  it('is cancelled although the orders alone tell of the money', async () => {
    await invoices.request(order, BUYER);
    await settle();
    const refund = {
      ...{ no: 'r1', paymentNo: payment.no, fen: 5000, at: SAMPLE_TIME },
      ...({ status: 'sent', reason: 'requested' } as const),
    };
    order = { ...order, refunds: [refund] };
    await t.db.collection<Order>('orders').insertOne(order);
    const follower = new InvoiceFollower({
      invoices,
      changes: new OrderChanges(t.db, clock),
      marks: new MarkStore(t.db, clock),
      orders: { get: () => Promise.resolve(order) },
    });
    expect(await follower.round()).toBe(1);
    await settle();
    expect(platform.books.standing()).toEqual([]);
    await follower.round();
    expect(await invoices.ofOrder(order._id)).toHaveLength(2);
  });
});
