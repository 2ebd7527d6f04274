import type { IdentifyResponse } from '@bianmin/purchase/api/card';
import type { HandOutView } from '@bianmin/purchase/api/hand-out';
import { hashPassword } from '../access/password.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { Order, Refund } from '../orders/model/order.ts';
import { FloatStore } from '../money/float/float-store.ts';
import type { CommitteeFloat, FloatEntry } from '../money/float/float.ts';
import { HandOutFollower } from '../money/float/hand-out-follower.ts';
import { HandOutWatch } from '../money/float/hand-out-watch.ts';
import { HandOuts } from '../money/float/hand-outs.ts';
import { createFloats, type FloatServices } from '../wiring/float.ts';
import type { Approval } from '../access/store/approvals.ts';
import type { User } from '../access/store/users.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { crashing, Killed } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';
import { testConfig } from './config.ts';

const COUNTER_PIN = '274913';
export const COUNTER_TERMINAL = `t${'5'.repeat(30)}`;
export const COUNTER_FLOAT = 'tianshan-1';
/** Cash that waits for longer is a case, ms. */
export const CASE_AFTER_MS = 3_600_000;

/** A process that may be killed at a write: of an order, or of a float. */
export type Dies = (what: 'order' | 'float') => 'no' | 'before' | 'after';

interface Parts {
  readonly kiosk: FakeTerminal;
  readonly world: OrderWorld;
  readonly access: TestAccess;
  readonly float: FloatServices;
  readonly store: FloatStore;
  readonly cases: Cases;
  readonly watch: HandOutWatch;
  readonly handOuts: HandOuts;
}

/** A committee's counter with a float and staff: floats and people on a database, orders in memory. */
export class CashCounter {
  readonly #of: Parts;

  private constructor(of: Parts) {
    this.#of = of;
  }

  static async open(t: TestContext, dies: Dies = () => 'no'): Promise<CashCounter> {
    for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
    t.db.deleteModel(/.*/u);
    await t.redis.flushdb();
    const store = new MortalFloats(t.db, () => dies('float'));
    const world = await OrderWorld.open({
      store: crashing(new MemoryOrderStore(), () => dies('order')),
      floatStore: store,
    });
    const access = await openAccess(t, world.clock);
    const { stores, approvals, audit, guesses } = access;
    const caseStore = new MongoCaseStore(t.db);
    await caseStore.prepare();
    const float = await createFloats({
      deps: { db: t.db, redis: t.redis, clock: world.clock, config: testConfig() },
      services: world.services,
      access: { approvals, audit, guesses, userStore: stores.users },
      hash: (pin) => hashPassword(pin, CHEAP_HASH),
    });
    const { floats: desk, mover } = world.services;
    if (desk === undefined) throw new Error('The world has no floats.');
    const cases = new Cases({ store: caseStore, clock: world.clock });
    const follower = new HandOutFollower({ mover, desk, cases });
    const watch = new HandOutWatch({ mover, cases, follower, afterMs: CASE_AFTER_MS, log: world.log });
    const handOuts = new HandOuts({ mover, store, desk, follower, pins: float.pins, audit });
    const kiosk = await fakeTerminal(COUNTER_TERMINAL);
    const parts = { kiosk, world, access, float, store, cases, watch, handOuts };
    const counter = new CashCounter(parts);
    await counter.member('zhang');
    await counter.member('li');
    await counter.#openFloat();
    return counter;
  }

  get world(): OrderWorld {
    return this.#of.world;
  }

  get access(): TestAccess {
    return this.#of.access;
  }

  get float(): FloatServices {
    return this.#of.float;
  }

  get cases(): Cases {
    return this.#of.cases;
  }

  get watch(): HandOutWatch {
    return this.#of.watch;
  }

  get handOuts(): HandOuts {
    return this.#of.handOuts;
  }

  /** A staff member who may take cash, with a PIN; gives their staff number. */
  async member(name: string): Promise<string> {
    const { users } = this.access.stores;
    await users.insert({
      ...{ _id: name, name, passwordHash: 'none', roles: [`role-${name}`], status: 'active' },
      createdAt: new Date(this.world.clock.now()),
    });
    await users.putRole({ _id: `role-${name}`, permissions: ['float:use'] });
    return this.float.pins.set(name, COUNTER_PIN);
  }

  async staff(name: string): Promise<User> {
    const user = await this.access.stores.users.get(name);
    if (user === null) throw new Error(`There is no ${name}.`);
    return user;
  }

  order(card = this.world.household()): Promise<Order> {
    return this.world.order(this.#of.kiosk, card);
  }

  identify(card: FakeCard): Promise<IdentifyResponse> {
    return this.world.identify(this.#of.kiosk, card);
  }

  /** An order paid in cash, whatever the grid says to it. */
  async paid(order: Order): Promise<Order> {
    const by = { staff: 'zhang', pin: COUNTER_PIN };
    return this.float.cash.take(order, { terminalId: COUNTER_TERMINAL, by }, HERE);
  }

  /** Paid in cash, refused by the grid at once; the float has the money back. */
  async refused(card = this.world.household()): Promise<{ order: Order; refund: Refund }> {
    const { world } = this;
    const order = await this.order(card);
    // Sold meanwhile over another counter.
    const { meterNo, serial } = card;
    await world.grid.sell({
      orderNo: `counter-${meterNo}`,
      customerNo: 'x',
      meterNo,
      serial,
      faceFen: 100,
      count: 2,
    });
    await this.paid(order);
    await world.pass(3_000);
    return this.refundOf(order);
  }

  async refundOf(order: Order): Promise<{ order: Order; refund: Refund }> {
    const now = await this.world.now(order);
    const [refund] = now.refunds;
    if (refund === undefined) throw new Error('The order has no refund.');
    return { order: now, refund };
  }

  async handOut(refund: Refund, slip: string, name = 'zhang'): Promise<HandOutView> {
    const staff = await this.staff(name);
    return this.handOuts.handOut(
      { refundNo: refund.no, slip },
      { terminalId: COUNTER_TERMINAL, staff },
      HERE,
    );
  }

  async balance(): Promise<number> {
    return (await this.#of.store.get(COUNTER_FLOAT))?.balanceFen ?? -1;
  }

  entries(): Promise<FloatEntry[]> {
    return this.float.floats.entries(COUNTER_FLOAT);
  }

  async #openFloat(): Promise<void> {
    const decide = async ({ _id }: Approval): Promise<void> => {
      await this.access.approvals.decide({ id: _id, checker: BORIS, accept: true, where: HERE });
    };
    const request = {
      id: COUNTER_FLOAT,
      name: '天山一社区',
      terminals: [COUNTER_TERMINAL],
      dayLimitFen: 500_000,
    };
    const { floats } = this.float;
    await decide(await floats.requestSet({ ...request, reason: 'Opened.' }, ANNA, HERE));
    const topUp = { fen: 1_000_000, reference: 'bank-1', reason: 'It came.' };
    await decide(await floats.requestTopUp(COUNTER_FLOAT, topUp, { maker: ANNA, where: HERE }));
  }
}

/** Floats whose process is killed at some of its writes; what it wrote stays written. */
class MortalFloats extends FloatStore {
  readonly #dies: () => 'no' | 'before' | 'after';

  constructor(db: TestContext['db'], dies: () => 'no' | 'before' | 'after') {
    super(db);
    this.#dies = dies;
  }

  override async replace(before: CommitteeFloat, after: CommitteeFloat): Promise<'replaced' | 'conflict'> {
    const when = this.#dies();
    if (when === 'before') throw new Killed('killed before a write');
    const result = await super.replace(before, after);
    if (when === 'after') throw new Killed('killed after a write');
    return result;
  }
}
