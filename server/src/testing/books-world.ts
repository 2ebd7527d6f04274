import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { createBooks, type BookServices } from '../wiring/books.ts';
import { Settlements } from '../money/reconcile/settlements.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import { startOfDay } from '../kernel/china-time.ts';
import type { Deps } from '../config/deps.ts';
import type { Order } from '../orders/model/order.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { boughtAt, DAY, lineOf, rowOf } from './bought-orders.ts';
import { Papers } from './papers.ts';
import { watchedLog } from './watched-log.ts';

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
