import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { Order } from '../../orders/model/order.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { DAY, NEXT, rig, ordered, rowOf, lineOf } from '../../testing/reconciled-orders.ts';

const ANNA = { id: 'u1', name: 'anna' };

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe('a day, three ways', () => {
  it('finds nothing where everybody tells the same, and books what the channel kept, once', async () => {
    const { store, papers, found, days, ledger } = await rig(t);
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
    const { store, papers, found, cases, days } = await rig(t);
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

  it.each(['reversed', 'none'] as const)(
    'takes a sale that the grid undid, of which its order knows neither (its own reversal: %s), for nothing',
    async (reversal) => {
      const { store, papers, found } = await rig(t);
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
});
