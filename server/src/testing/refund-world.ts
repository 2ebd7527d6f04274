import { randomUUID } from 'node:crypto';
import { Cases } from '../cases/cases.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import type { RefundRequests } from '../money/refunds/requests.ts';
import type { Order } from '../orders/model/order.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { inMeterNow } from './in-meter.ts';
import { createRefunds } from '../wiring/refunds.ts';
import { openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { MemoryCaseStore } from './memory-cases.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { OrderWorld, type FakeTerminal } from './order-world.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';

interface Parts {
  readonly world: OrderWorld;
  readonly cases: Cases;
  readonly access: TestAccess;
}

/** The order engine, and staff who ask for refunds and allow them. */
export class RefundWorld {
  readonly world: OrderWorld;
  readonly cases: Cases;
  readonly access: TestAccess;
  readonly refunds: RefundRequests;
  readonly #kiosk: FakeTerminal;

  private constructor(kiosk: FakeTerminal, { world, cases, access }: Parts) {
    this.#kiosk = kiosk;
    this.world = world;
    this.cases = cases;
    this.access = access;
    this.refunds = createRefunds({ services: world.services, access, cases });
  }

  /** `where`: the store of its orders. */
  static async open(t: TestContext, kiosk: FakeTerminal, where: 'memory' | 'mongo'): Promise<RefundWorld> {
    const sink: { cases?: Cases } = {};
    t.db.deleteModel(/.*/u);
    const store =
      where === 'memory'
        ? new MemoryOrderStore()
        : new MongoOrderStore({
            db: t.db,
            seal: new NumberSeal(Buffer.alloc(32, 1)),
            wrote: () => undefined,
          });
    if (store instanceof MongoOrderStore) await store.prepare();
    const world = await OrderWorld.open({
      store,
      cases: { open: (report) => sink.cases?.open(report) ?? Promise.resolve() },
    });
    const cases = new Cases({ store: new MemoryCaseStore(), clock: world.clock });
    sink.cases = cases;
    return new RefundWorld(kiosk, { world, cases, access: await openAccess(t, world.clock) });
  }

  /** A purchase of 5000 fen that is in its meter. */
  async done(): Promise<Order> {
    return inMeterNow(this.world, await this.written());
  }

  /** The same, and nothing has said yet that its meter has it. */
  async written(): Promise<Order> {
    const card = this.world.household();
    return this.world.write(this.#kiosk, card, await this.world.paid(this.#kiosk, card));
  }

  body(order: Order, fen: number | null, over: object = {}) {
    return {
      ...{ key: randomUUID(), orderNo: order._id, fen, reason: 'Charged too much.' },
      ...over,
    };
  }

  async ask(order: Order, fen: number | null, over: object = {}) {
    return (await this.refunds.request(this.body(order, fen, over), ANNA, HERE)).refund;
  }

  async allow(refundNo: string, accept = true) {
    return (await this.refunds.decide({ refundNo, accept }, BORIS, HERE)).refund;
  }

  /** What its channel gave back so far, fen. */
  given(): number[] {
    return [...this.world.wechat.refunds.values()].map(({ fen }) => fen);
  }
}
