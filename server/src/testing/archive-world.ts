import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { pino } from 'pino';
import { Archiver } from '../insight/archive/archiver.ts';
import { chinaDay } from '../kernel/china-time.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { firstOrderNo, newOrderNo } from '../orders/model/order-no.ts';
import type { Order } from '../orders/model/order.ts';
import { MarkStore } from '../orders/store/marks.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { ORDER_ARCHIVE } from '../orders/store/order-archive.ts';
import { openTestContext, type TestContext } from './context.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';

export const DAY_MS = 86_400_000;
export const NOW = new Date('2026-03-01T02:00:00Z');
/** When the old orders were made. */
export const OLD = new Date('2022-11-05T03:00:00Z');

/** Old orders that are at rest, and what archives them. */
export class ArchiveWorld {
  readonly t: TestContext;
  readonly store: MongoOrderStore;
  readonly clock = new ManualClock(NOW.getTime());
  #made = 0;

  private constructor(t: TestContext) {
    this.t = t;
    const seal = new NumberSeal(Buffer.alloc(32, 7));
    this.store = new MongoOrderStore({ db: t.db, seal, wrote: () => undefined, clock: this.clock });
  }

  static async open(): Promise<ArchiveWorld> {
    const world = new ArchiveWorld(await openTestContext());
    await world.store.prepare();
    return world;
  }

  close(): Promise<void> {
    return this.t.close();
  }

  async fresh(): Promise<void> {
    const { db } = this.t;
    for (const { name } of await db.listCollections()) await db.collection(name).deleteMany({});
    await new MarkStore(db, this.clock).advance('ledger', { at: NOW, orderNo: '' });
  }

  /** Paid and written, so many days after `OLD`; its day is even, and its meter has had a later sale. */
  async done(over: Partial<Order> = {}, after = 0): Promise<Order> {
    this.#made += 1;
    const made = this.#made;
    const at = new Date(OLD.getTime() + after * DAY_MS);
    const _id = over._id ?? newOrderNo(at, () => made);
    const meterNo = String(made).padStart(12, '0');
    const paid = { status: 'succeeded', transactionId: `tx-${made}`, paidAt: at, funds: true } as const;
    const order = sampleOrder({
      ...{ _id, state: 'done', idempotencyKey: `key-${made}`, meterNo, count: 2, dueAt: null },
      ...{ createdAt: at, updatedAt: at },
      saleSlot: `collection-v1:${meterNo}:2`,
      sale: { status: 'sold', saleNo: `S${made}` },
      payments: [samplePayment({ no: `${_id}p1`, ...paid })],
      ...over,
    });
    await this.store.insert(order);
    await this.t.db
      .collection<{ _id: string }>('reconciliations')
      .updateOne({ _id: chinaDay(at) }, { $set: { state: 'done', stale: false } }, { upsert: true });
    await this.store.insert(this.#laterSale(order));
    return order;
  }

  #laterSale(order: Order): Order {
    this.#made += 1;
    const made = this.#made;
    const [count, at] = [order.count + 1, new Date(NOW.getTime() - DAY_MS)];
    return {
      ...order,
      ...{ _id: newOrderNo(at, () => made), idempotencyKey: `key-${made}`, count },
      ...{ createdAt: at, updatedAt: at },
      saleSlot: `collection-v1:${order.meterNo}:${count}`,
      payments: [],
    };
  }

  archiver(over: Partial<ConstructorParameters<typeof Archiver>[0]> = {}): Archiver {
    const log = pino({ level: 'silent' });
    return new Archiver({ db: this.t.db, clock: this.clock, log, months: 36, ...over });
  }

  /** Numbers of the old orders in a collection, in their order. */
  async idsIn(name: string): Promise<string[]> {
    const found = await this.t.db
      .collection<{ _id: string }>(name)
      .find({ _id: { $lt: firstOrderNo(new Date(NOW.getTime() - 9 * DAY_MS)) } })
      .sort({ _id: 1 })
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /** In which collections an order is. */
  async where(orderNo: string): Promise<string[]> {
    const places = await Promise.all(
      ['orders', ORDER_ARCHIVE].map(async (name) =>
        (await this.idsIn(name)).includes(orderNo) ? [name] : [],
      ),
    );
    return places.flat();
  }
}
