import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import { createBooks, type BookServices } from '../wiring/books.ts';
import { Settlements } from '../money/reconcile/settlements.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import { startOfDay } from '../kernel/china-time.ts';
import type { Deps } from '../config/deps.ts';
import type { Order } from '../orders/model/order.ts';
import type { ChannelBillRow } from '../gateways/payment/contract.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';
import { Papers } from './papers.ts';
import { watchedLog } from './watched-log.ts';

export const DAY = '2026-03-01';

interface Parts {
  readonly clock: ManualClock;
  readonly papers: Papers;
  readonly orders: MongoOrderStore;
  readonly cases: Cases;
  readonly access: TestAccess;
  readonly books: BookServices;
  readonly settlements: Settlements;
}

export interface BooksWorldInit {
  /** Cases that a test lets fail. */
  readonly casesOf?: (init: { store: MongoCaseStore; clock: ManualClock }) => Cases;
  /** Beside WeChat Pay, of which the world has the papers. */
  readonly channels?: Deps['channels'];
  /** Instead of the one of which the world has the papers. */
  readonly grid?: Deps['grid'];
}

/** The books as both processes have them, on a database, beside papers that a test writes; it is 5 March 2026. */
export class BooksWorld {
  readonly log = watchedLog();
  readonly clock: ManualClock;
  readonly papers: Papers;
  readonly orders: MongoOrderStore;
  readonly cases: Cases;
  readonly access: TestAccess;
  readonly books: BookServices;
  readonly settlements: Settlements;

  private constructor({ clock, papers, orders, cases, access, books, settlements }: Parts) {
    this.clock = clock;
    this.papers = papers;
    this.orders = orders;
    this.cases = cases;
    this.access = access;
    this.books = books;
    this.settlements = settlements;
  }

  static async open(t: TestContext, init: BooksWorldInit = {}): Promise<BooksWorld> {
    const { casesOf = (of) => new Cases(of) } = init;
    t.db.deleteModel(/.*/u);
    for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
    const orders = new MongoOrderStore({
      ...{ db: t.db, seal: new NumberSeal(Buffer.alloc(32, 1)), wrote: () => undefined },
    });
    await orders.prepare();
    const [clock, papers] = [new ManualClock(), new Papers()];
    clock.jump(startOfDay('2026-03-05').getTime() - clock.now());
    const access = await openAccess(t, clock);
    const books = await createBooks({
      ...{ db: t.db, clock, log: watchedLog() },
      channels: new Map([['wechat', papers.channel()], ...(init.channels ?? [])]),
      // Of a grid the books ask its bills only.
      grid: init.grid ?? (papers.grid() as Deps['grid']),
    });
    const cases = casesOf({ store: new MongoCaseStore(t.db), clock });
    const { approvals } = access;
    const settlements = new Settlements({ cases, ledger: books.ledger, approvals, clock });
    return new BooksWorld({ clock, papers, orders, cases, access, books, settlements });
  }

  /** Bought on `DAY`, and told the same by channel and grid. */
  async bought(...digits: readonly number[]): Promise<Order[]> {
    return this.told(digits.map(boughtAt));
  }

  /** These orders, and papers that say what their facts say. */
  async told(orders: Order[]): Promise<Order[]> {
    for (const order of orders) await this.orders.insert(order);
    this.papers.rows.set(DAY, [...(this.papers.rows.get(DAY) ?? []), ...orders.map((each) => rowOf(each))]);
    this.papers.lines.set(DAY, [
      ...(this.papers.lines.get(DAY) ?? []),
      ...orders.map((each) => lineOf(each)),
    ]);
    return orders;
  }
}

/** 50.00, paid and sold at noon in China, with the events that say so. */
export function boughtAt(digit: number): Order {
  const at = new Date(`${DAY}T12:00:00+08:00`);
  const _id = `26030110000000000${digit}`;
  const no = `${_id}p1`;
  const parts = { creditFen: 4000, arrearsFen: 990, feeFen: 10 };
  return sampleOrder({
    ...{
      _id,
      idempotencyKey: _id,
      state: 'done',
      createdAt: at,
      updatedAt: at,
      meterNo: `00000000000${digit}`,
    },
    payments: [
      samplePayment({
        ...{ no, status: 'succeeded', transactionId: `42${_id}`, paidAt: at, funds: true },
        ...{ createdAt: at, codeUrl: null },
      }),
    ],
    sale: { status: 'sold', sentAt: at, saleNo: `S${_id}`, ...parts },
    saleSlot: _id,
    events: [
      { n: 1, at, name: 'payment.succeeded', by: 'channel', data: { no, fen: 5000 } },
      { n: 2, at, name: 'sale.sold', by: 'grid', data: { saleNo: `S${_id}`, count: 2, ...parts } },
    ],
  });
}

/** A payment's row in the channel's bill; the channel keeps 0.30. */
export function rowOf(
  order: Order,
  over: Partial<ChannelBillRow & { kind: 'payment' }> = {},
): ChannelBillRow {
  return {
    ...{ kind: 'payment', paymentNo: `${order._id}p1`, transactionId: `42${order._id}`, fen: 5000 },
    ...{ feeMilliFen: 300_000, at: order.createdAt },
    ...over,
  };
}

/** A line of the grid's bill. */
export function lineOf(
  order: Order,
  status = 'sold',
  parts: readonly number[] = [5000, 4000, 990, 10],
): string {
  const head = [order._id, `S${order._id}`, '650100000001', order.meterNo, 2];
  return [...head, ...parts, 'card', status, order.createdAt.toISOString()].join(',');
}
