import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { Order, OrderEvent } from '../../orders/model/order.ts';
import { MarkStore } from '../../orders/store/marks.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { OrderChanges } from '../../orders/store/order-changes.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleOrder, samplePayment } from '../../testing/order-samples.ts';
import { LedgerStore } from '../ledger/ledger-store.ts';
import { LedgerProjector } from '../ledger/projector.ts';
import { postFees } from '../reconcile/fee-postings.ts';
import { DayStore } from '../reconcile/day-store.ts';
import { BillOrders } from './bill-orders.ts';
import { Bills } from './bills.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** Paid and sold at ten, and undone and given back an hour later where `back`. */
function bought(digit: number, init: { terminalId?: string; back?: boolean } = {}): Order {
  const at = new Date('2026-03-01T02:00:00Z');
  const later = new Date('2026-03-01T03:00:00Z');
  const _id = `26030110000000000${digit}`;
  const sold = { saleNo: 's', count: 2, creditFen: 4000, arrearsFen: 990, feeFen: 10 };
  const no = `${_id}p1`;
  const refund = {
    no: `${no}r5`,
    paymentNo: no,
    fen: 5000,
    status: 'done',
    reason: 'not-credited',
    at: later,
  } as const;
  const undone: OrderEvent[] = [
    { n: 3, at: later, name: 'sale.undone', by: 'grid' },
    { n: 4, at: later, name: 'refund.approved', by: 'system', data: { no: refund.no, fen: 5000 } },
    { n: 5, at: later, name: 'refund.done', by: 'channel', data: { no: refund.no } },
  ];
  return sampleOrder({
    ...{ _id, idempotencyKey: _id, terminalId: init.terminalId ?? 'T1', meterNo: `00000000000${digit}` },
    payments: [samplePayment({ no, status: 'succeeded', transactionId: _id, funds: true })],
    refunds: init.back === true ? [refund] : [],
    events: [
      { n: 1, at, name: 'payment.succeeded', by: 'channel', data: { no, fen: 5000 } },
      { n: 2, at, name: 'sale.sold', by: 'grid', data: sold },
      ...(init.back === true ? undone : []),
    ],
    updatedAt: later,
  });
}

async function rig(orders: readonly Order[], init: { drawsSince?: Date } = {}) {
  const { drawsSince } = init;
  const db = t.another();
  const store = new MongoOrderStore({
    db,
    seal: new NumberSeal(Buffer.alloc(32, 1)),
    wrote: () => undefined,
  });
  const ledger = new LedgerStore(db);
  await Promise.all([store.prepare(), ledger.prepare()]);
  for (const order of orders) await store.insert(order);
  const projector = new LedgerProjector({
    orders: new OrderChanges(db, new ManualClock()),
    marks: new MarkStore(db, new ManualClock()),
    cases: { open: () => Promise.resolve() },
    clock: new ManualClock(),
    log: pino({ level: 'silent' }),
    ledger,
    ...(drawsSince === undefined ? {} : { drawsSince: () => Promise.resolve(drawsSince) }),
  });
  const days = new DayStore(db);
  const terminalsOf = (community: string) => Promise.resolve(community === 'c1' ? ['T1'] : []);
  const nameOf = (community: string) => Promise.resolve(community === 'c1' ? '新安社区' : community);
  return {
    ledger,
    days,
    projector,
    bills: new Bills({ orders: new BillOrders(db), ledger, days, terminalsOf, nameOf }),
  };
}

describe('bills', () => {
  it('list what is owed to the grid, and what was undone, with the ledger’s sums', async () => {
    const { bills, projector } = await rig([bought(1), bought(2, { back: true })]);
    await expect(bills.grid('collection-v1', '2026-03-01')).rejects.toMatchObject({
      code: 'bill.not-settled',
    });
    await projector.round();
    const sheet = await bills.grid('collection-v1', '2026-03-01');
    expect(sheet.rows.map((row) => row.slice(1))).toEqual([
      ['10:00:00', '售电', 4000, 990, 10, 5000],
      ['10:00:00', '售电', 4000, 990, 10, 5000],
      ['11:00:00', '冲正', -4000, -990, -10, -5000],
    ]);
    expect(sheet.totals).toEqual(['合计', '', '', 4000, 990, 10, 5000]);
    expect((await bills.grid('collection-v1', '2026-03-02')).rows).toEqual([]);
  });

  it('state a community’s and a household’s month', async () => {
    const { bills, projector } = await rig([
      bought(1),
      bought(2, { back: true }),
      bought(3, { terminalId: 'T9' }),
    ]);
    await projector.round();
    const community = await bills.community('c1', '2026-03');
    expect(community.facts[0]).toEqual(['社区', '新安社区']);
    expect(community.rows).toEqual([['2026-03-01', 2, 10_000, 5000, 5000, 0]]);
    const household = await bills.household('000000000002', '2026-03');
    expect(household.rows).toEqual([['2026-03-01', '260301100000000002', 5000, 5000, 0, 0]]);
    expect(household.facts[0]).toEqual(['户名', '张*']);
    expect(household.totals).toEqual(['合计', '', 5000, 5000, 0, 0]);
  });

  it('are the same where the grid takes what it sells from our deposit', async () => {
    const orders = [bought(1), bought(2, { back: true })];
    const { bills, projector, ledger } = await rig(orders, { drawsSince: new Date(0) });
    await projector.round();
    expect((await ledger.turnover()).get('grid:collection-v1:deposit')).toBe(-5000);
    const sheet = await bills.grid('collection-v1', '2026-03-01');
    expect(sheet.rows).toHaveLength(3);
    expect(sheet.totals).toEqual(['合计', '', '', 4000, 990, 10, 5000]);
    expect((await bills.community('c1', '2026-03')).totals).toEqual(['合计', 2, 10_000, 5000, 5000, 0]);
    const household = await bills.household('000000000001', '2026-03');
    expect(household.totals).toEqual(['合计', '', 5000, 0, 5000, 0]);
  });

  it('name who pays for a discount, in the ledger as in the order', async () => {
    const discount = { rule: 'r', names: { 'zh-CN': '优惠', ug: 'r', en: 'r' }, funder: 'street' };
    const order = { ...bought(1), discountFen: 500, paidFen: 4500, discount };
    const { bills, projector, ledger } = await rig([order]);
    await projector.round();
    expect((await ledger.turnover()).get('discount:street')).toBe(500);
    expect((await bills.community('c1', '2026-03')).totals).toEqual(['合计', 1, 5000, 0, 5000, 500]);
  });

  it('state what a channel kept by its own bills, and only with the ledger’s word', async () => {
    const { bills, days, ledger } = await rig([]);
    const totals = { payments: 2, paidFen: 10_000, refunds: 1, refundedFen: 5000, feeFen: 30 };
    const at = new Date('2026-03-02T03:00:00Z');
    await days.take('2026-03-01', at, at);
    const sources = [{ source: 'channel:wechat', day: '2026-03-01', sha256: 'a', totals }];
    const found = { state: 'done', sources, counts: {}, caseIds: [], carried: [] } as const;
    await days.end('2026-03-01', found, { at, by: 'system' });
    await expect(bills.channelFees('wechat', '2026-03')).rejects.toMatchObject({ code: 'bill.not-settled' });
    await postFees(ledger, [{ channel: 'wechat', day: '2026-03-01', totals }]);
    const sheet = await bills.channelFees('wechat', '2026-03');
    expect(sheet.rows).toEqual([['2026-03-01', 2, 10_000, 1, 5000, 30, 4970]]);
    expect(sheet.totals).toEqual(['合计', 2, 10_000, 1, 5000, 30, 4970]);
  });
});
