import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { Cases } from '../../cases/cases.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import type { Order, Refund } from '../../orders/model/order.ts';
import type { ChannelBillRow } from '../../gateways/payment/contract.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { OrderDays } from '../../orders/store/order-days.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { Papers } from '../../testing/papers.ts';
import { startOfDay } from '../../kernel/china-time.ts';
import { LedgerStore } from '../ledger/ledger-store.ts';
import { DailyReconciliation } from './daily.ts';
import { DayStore } from './day-store.ts';
import { RECONCILED_FIELDS, type ReconciledOrder } from './order-items.ts';
import { Reconciler } from './reconciler.ts';

const DAY = '2026-03-01';
const NEXT = '2026-03-02';
const ANNA = { id: 'u1', name: 'anna' };

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function rig() {
  const db = t.another();
  const store = new MongoOrderStore({
    db,
    seal: new NumberSeal(Buffer.alloc(32, 1)),
    wrote: () => undefined,
  });
  const caseStore = new MongoCaseStore(db);
  const ledger = new LedgerStore(db);
  await Promise.all([store.prepare(), caseStore.prepare(), ledger.prepare()]);
  const clock = new ManualClock();
  clock.jump(startOfDay('2026-03-05').getTime() - clock.now());
  const papers = new Papers();
  const cases = new Cases({ store: caseStore, clock });
  const days = new DayStore(db);
  const log = pino({ level: 'silent' });
  const reconciler = new Reconciler({
    ...{ days, cases, ledger, clock, log },
    orders: new OrderDays<ReconciledOrder>(db, RECONCILED_FIELDS),
    channels: new Map([['wechat', papers.channel()]]),
    grid: papers.grid(),
  });
  const found = async (first = DAY, last = first): Promise<string[]> =>
    (await reconciler.run({ first, last, by: 'u9' }))
      .map(({ kind, orderNo }) => `${kind} ${orderNo.slice(-1)}`)
      .toSorted();
  return { store, clock, papers, cases, days, ledger, reconciler, found, log };
}

/** An order paid and sold at a moment in China. */
const ordered = (digit: number, at: string, over: Partial<Order> = {}): Order => {
  const moment = new Date(`${at}+08:00`);
  const _id = `${at.slice(2, 10).replaceAll('-', '')}10000000000${digit}`;
  return sampleOrder({
    ...{ _id, idempotencyKey: _id, state: 'done', createdAt: moment, updatedAt: moment },
    payments: [
      samplePayment({
        ...{ no: `${_id}p1`, status: 'succeeded', transactionId: `42${_id}`, paidAt: moment, funds: true },
        ...{ createdAt: moment, codeUrl: null },
      }),
    ],
    sale: { status: 'sold', sentAt: moment, saleNo: `S${_id}`, creditFen: 4000, arrearsFen: 990, feeFen: 10 },
    saleSlot: _id,
    ...over,
  });
};
const rowOf = (order: Order, over: Partial<ChannelBillRow> = {}): ChannelBillRow =>
  ({
    ...{ kind: 'payment', paymentNo: `${order._id}p1`, transactionId: `42${order._id}`, fen: 5000 },
    ...{ feeMilliFen: 30_000, at: order.createdAt },
    ...over,
  }) as ChannelBillRow;
const lineOf = (order: Order, status = 'sold', face = 5000): string =>
  `${order._id},S${order._id},650100000001,000000000001,2,${face},4000,990,10,card,${status},${order.createdAt.toISOString()}`;

describe('a day, three ways', () => {
  it('finds nothing where everybody tells the same, and books what the channel kept, once', async () => {
    const { store, papers, found, days, ledger } = await rig();
    const orders = [1, 2, 3].map((digit) => ordered(digit, `${DAY}T12:00:00`));
    for (const order of orders) await store.insert(order);
    papers.rows.set(
      DAY,
      orders.map((order) => rowOf(order)),
    );
    papers.lines.set(
      DAY,
      orders.map((order) => lineOf(order)),
    );
    expect(await found()).toEqual([]);
    expect(await found()).toEqual([]);
    const day = await days.get(DAY);
    expect(day).toMatchObject({
      state: 'done',
      counts: {},
      caseIds: [],
      history: [{ by: 'u9' }, { by: 'u9' }],
    });
    expect(day?.sources.map(({ source }) => source)).toEqual(['grid:collection-v1', 'channel:wechat']);
    expect(Object.fromEntries(await ledger.turnover())).toEqual({ 'fee:wechat': 90, 'channel:wechat': -90 });
  });

  it('makes each difference a case, which a re-run leaves as people have it', async () => {
    const { store, papers, found, cases, days } = await rig();
    const orders = [1, 2, 3, 4, 5].map((digit) => ordered(digit, `${DAY}T12:00:00`));
    const [one, two, three, four, five] = orders as [Order, Order, Order, Order, Order];
    const stranger = ordered(9, `${DAY}T12:00:00`);
    for (const order of orders.slice(0, 4)) await store.insert(order);
    await store.insert({
      ...five,
      payments: five.payments.map(({ transactionId: _, paidAt: __, ...rest }) => ({
        ...rest,
        status: 'closed',
      })),
      sale: { status: 'none' },
      saleSlot: null,
    });
    papers.rows.set(DAY, [
      rowOf(two, { fen: 4999 }),
      rowOf(three),
      rowOf(three),
      rowOf(four),
      rowOf(five),
      rowOf(stranger),
    ]);
    papers.lines.set(DAY, [lineOf(one), lineOf(two), lineOf(three), lineOf(stranger)]);
    const all = [
      'AMOUNT_DIFF 2',
      'CHANNEL_ONLY 9',
      'DUPLICATE 3',
      'GRID_ONLY 9',
      'ORDER_ONLY 1',
      'ORDER_ONLY 4',
      'STATUS_DIFF 5',
    ];
    expect(await found()).toEqual(all);
    const [lonely] = await cases.list({ orderNo: one._id, limit: 5 }, WHOLE_PROVINCE);
    expect(lonely?.facts).toMatchObject({
      day: DAY,
      against: 'channel',
      inChannelBill: false,
      inOrders: true,
      inGridBill: true,
    });
    const id = lonely?._id ?? '';
    await cases.assign(id, ANNA);
    await expect(cases.resolve(id, ANNA, 'It is all right.')).rejects.toMatchObject({
      code: 'case.two-persons',
    });
    await cases.resolve(id, ANNA, 'The channel paid it a day later.', { twoPersons: true });
    expect(await found()).toEqual(all);
    expect(await cases.get(id)).toMatchObject({ status: 'resolved', owner: ANNA, reopened: 0 });
    // What was wrong at the channel is mended there, and the bill comes anew.
    papers.rows.set(DAY, [...(papers.rows.get(DAY) ?? []), rowOf(one)]);
    papers.lines.set(DAY, [...(papers.lines.get(DAY) ?? []), lineOf(four)]);
    expect(await found()).toEqual(all.filter((each) => !each.startsWith('ORDER_ONLY')));
    const [mended] = await cases.list({ orderNo: four._id, limit: 5 }, WHOLE_PROVINCE);
    expect(mended).toMatchObject({ status: 'open', notes: [{ by: 'system' }] });
    expect((await days.get(DAY))?.history.map(({ differences }) => differences)).toEqual([7, 7, 5]);
  });

  it('holds what was booked on the other side of midnight for one day', async () => {
    const { store, papers, found, days } = await rig();
    const late = ordered(1, `${DAY}T23:59:50`);
    const gone = ordered(2, `${DAY}T23:59:55`);
    const early = ordered(3, `${NEXT}T00:00:02`);
    for (const order of [late, gone, early]) await store.insert(order);
    // The channel has one late and one early; the grid cut its day before it sold the late ones.
    papers.rows.set(DAY, [rowOf(early), rowOf(gone)]);
    papers.rows.set(NEXT, [rowOf(late)]);
    papers.lines.set(DAY, []);
    papers.lines.set(NEXT, [lineOf(late), lineOf(early)]);
    expect(await found(DAY)).toEqual([]);
    expect((await days.get(DAY))?.carried.length).toBe(4);
    expect(await found(NEXT)).toEqual(['ORDER_ONLY 2']);
    expect(await found(NEXT)).toEqual(['ORDER_ONLY 2']);
    await found(DAY);
    expect((await days.get(NEXT))?.stale).toBe(true);
  });

  it('runs a month at once, with no difference at its midnights', async () => {
    const { store, papers, found, days, clock } = await rig();
    clock.jump(40 * 86_400_000);
    const month = Array.from({ length: 31 }, (_, index) => `2026-03-${String(index + 1).padStart(2, '0')}`);
    for (const [index, day] of month.entries()) {
      const order = ordered(1, `${day}T23:59:59`);
      await store.insert(order);
      papers.rows.set(day, [rowOf(order)]);
      const booked = month[index + 1] ?? day;
      papers.lines.set(booked, [...(papers.lines.get(booked) ?? []), lineOf(order)]);
    }
    papers.rows.set('2026-03-17', []);
    expect(await found('2026-03-01', '2026-03-31')).toEqual(['ORDER_ONLY 1']);
    expect(
      (await days.list('2026-03-01', '2026-03-31')).filter(({ counts }) => counts['ORDER_ONLY']),
    ).toMatchObject([{ _id: '2026-03-17', state: 'done' }]);
  });

  it('knows a refund that its channel booked a day later, and a sale that the grid undid', async () => {
    const { store, papers, found } = await rig();
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const order = ordered(1, `${DAY}T12:00:00`);
    const refund = {
      ...{ no: `${order._id}p1r5`, paymentNo: `${order._id}p1`, fen: 5000, status: 'done' as const },
      ...{ reason: 'not-credited' as const, at, sentAt: at },
    } as const satisfies Partial<Refund>;
    await store.insert({
      ...order,
      state: 'refunded',
      sale: { ...order.sale, status: 'rejected' },
      reversal: { status: 'reversed' },
      saleSlot: null,
      refunds: [refund],
      events: [{ n: 1, at, name: 'sale.undone', by: 'grid' }],
    });
    papers.rows.set(DAY, [rowOf(order)]);
    papers.lines.set(DAY, [lineOf(order), lineOf(order, 'reversed')]);
    papers.rows.set(NEXT, [
      rowOf(order, { kind: 'refund', refundNo: refund.no, status: 'done', feeMilliFen: 0 }),
    ]);
    expect(await found(DAY)).toEqual([]);
    expect(await found(NEXT)).toEqual([]);
  });

  it.each(['reversed', 'none'] as const)(
    'takes a sale that the grid undid, of which its order knows neither (its own reversal: %s), for nothing',
    async (reversal) => {
      const { store, papers, found } = await rig();
      const order = ordered(1, `${DAY}T12:00:00`);
      const { sentAt } = order.sale;
      await store.insert({
        ...order,
        ...{ state: 'refunded', saleSlot: null, reversal: { status: reversal } },
        sale: { status: 'rejected', ...(sentAt === undefined ? {} : { sentAt }) },
      });
      papers.rows.set(DAY, [rowOf(order)]);
      papers.rows.set(NEXT, []);
      papers.lines.set(DAY, [lineOf(order), lineOf(order, 'reversed')]);
      expect(await found(DAY)).toEqual([]);
      expect(await found(NEXT)).toEqual([]);
      expect(await found(DAY, NEXT)).toEqual([]);
      // Undone on the day after.
      papers.lines.set(DAY, [lineOf(order)]);
      papers.lines.set(NEXT, [lineOf(order, 'reversed')]);
      expect(await found(DAY, NEXT)).toEqual([]);
      // Never undone.
      papers.lines.set(NEXT, []);
      expect(await found(DAY, NEXT)).toEqual(['STATUS_DIFF 1']);
    },
  );

  it('waits for a bill that is not there, refuses a bent one and a day that is not over', async () => {
    const { papers, reconciler, days, store, clock, log } = await rig();
    await store.insert(ordered(1, `${DAY}T12:00:00`));
    papers.ready = false;
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.not-ready',
    });
    expect(await days.get(DAY)).toMatchObject({ state: 'waiting', why: 'reconcile.not-ready' });
    papers.ready = true;
    const order = ordered(1, `${DAY}T12:00:00`);
    papers.rows.set(DAY, [rowOf(order)]);
    papers.lines.set(DAY, [lineOf(order)]);
    const daily = new DailyReconciliation({ reconciler, days, clock, log });
    await daily.look();
    expect((await days.list(DAY, '2026-03-09')).map(({ _id, state }) => [_id, state])).toEqual([
      [DAY, 'done'],
      ['2026-03-02', 'done'],
      ['2026-03-03', 'done'],
    ]);
    papers.lines.set(DAY, ['a,b']);
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.bill-unsound',
    });
    expect(await days.get(DAY)).toMatchObject({ state: 'done', why: 'reconcile.bill-unsound' });
    await expect(reconciler.run({ first: '2026-03-05', by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.day-open',
    });
  });

  it('is run by one at a time', async () => {
    const { days, reconciler, clock } = await rig();
    const now = new Date(clock.now());
    expect(await days.take(DAY, now, new Date(clock.now() + 1000))).toBe(true);
    await expect(reconciler.run({ first: DAY, by: 'u9' })).rejects.toMatchObject({
      code: 'reconcile.running',
    });
    clock.jump(1000);
    expect(await reconciler.run({ first: DAY, by: 'u9' })).toEqual([]);
  });
});
