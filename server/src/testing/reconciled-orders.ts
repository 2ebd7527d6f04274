import { pino } from 'pino';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Order } from '../orders/model/order.ts';
import type { ChannelBillRow } from '../gateways/payment/contract.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { OrderDays } from '../orders/store/order-days.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import type { TestContext } from './context.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';
import { Papers } from './papers.ts';
import { startOfDay } from '../kernel/china-time.ts';
import { LedgerStore } from '../money/ledger/ledger-store.ts';
import { DayStore } from '../money/reconcile/day-store.ts';
import { RECONCILED_FIELDS, type ReconciledOrder } from '../money/reconcile/order-items.ts';
import { Reconciler } from '../money/reconcile/reconciler.ts';

export const DAY = '2026-03-01';
export const NEXT = '2026-03-02';

/** A reconciler on a database of its own, with papers of WeChat Pay and of the grid; `found` runs days and says what differs. */
export async function rig(t: TestContext) {
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
export const ordered = (digit: number, at: string, over: Partial<Order> = {}): Order => {
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
export const rowOf = (order: Order, over: Partial<ChannelBillRow> = {}): ChannelBillRow =>
  ({
    ...{ kind: 'payment', paymentNo: `${order._id}p1`, transactionId: `42${order._id}`, fen: 5000 },
    ...{ feeMilliFen: 30_000, at: order.createdAt },
    ...over,
  }) as ChannelBillRow;
export const lineOf = (order: Order, status = 'sold', face = 5000): string =>
  `${order._id},S${order._id},650100000001,000000000001,2,${face},4000,990,10,card,${status},${order.createdAt.toISOString()}`;
