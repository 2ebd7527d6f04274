import { hashPassword } from '../access/password.ts';
import type { Permission } from '../kernel/permissions.ts';
import type { FloatDesk } from '../money/float/desk.ts';
import { FloatStore } from '../money/float/float-store.ts';
import type { Order } from '../orders/model/order.ts';
import { createFloats, type FloatServices } from '../wiring/float.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from './access.ts';
import type { TestContext } from './context.ts';
import { crashing } from './crashing-store.ts';
import type { FakeCard } from './fake-card.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { OrderWorld } from './order-world.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';
import { testConfig } from './config.ts';

/** The PIN of zhang, who may take cash. */
export const PIN = '274913';
/** The terminal of the committee's counter. */
export const TERMINAL = `t${'5'.repeat(30)}`;

interface Over {
  readonly terminalId?: string;
  readonly staff?: string;
  readonly pin?: string;
}

/** A committee that may keep a float, and the order engine that takes cash into it; `dies` says when a write of an order kills the process. */
export class FloatWorld {
  dies: () => 'no' | 'before' | 'after' = () => 'no';
  readonly store: FloatStore;
  readonly #t: TestContext;
  #parts: { world: OrderWorld; access: TestAccess; float: FloatServices; desk: FloatDesk } | undefined;

  private constructor(t: TestContext) {
    this.#t = t;
    this.store = new FloatStore(t.db);
  }

  static async open(t: TestContext): Promise<FloatWorld> {
    for (const { name } of await t.db.listCollections()) await t.db.collection(name).deleteMany({});
    t.db.deleteModel(/.*/u);
    await t.redis.flushdb();
    const w = new FloatWorld(t);
    await w.#begin();
    await w.member('zhang', ['float:use']);
    await w.float.pins.set('zhang', PIN);
    return w;
  }

  async #begin(): Promise<void> {
    const { db, redis } = this.#t;
    const world = await OrderWorld.open({
      store: crashing(new MemoryOrderStore(), () => this.dies()),
      floatStore: this.store,
    });
    const access = await openAccess(this.#t, world.clock);
    const { stores, approvals, audit, guesses } = access;
    const float = await createFloats({
      deps: { db, redis, clock: world.clock, config: testConfig() },
      services: world.services,
      access: { approvals, audit, guesses, userStore: stores.users },
      hash: (pin) => hashPassword(pin, CHEAP_HASH),
    });
    if (world.services.floats === undefined) throw new Error('The world has no floats.');
    this.#parts = { world, access, float, desk: world.services.floats };
  }

  get world(): OrderWorld {
    return this.#opened().world;
  }

  get access(): TestAccess {
    return this.#opened().access;
  }

  get float(): FloatServices {
    return this.#opened().float;
  }

  get desk(): FloatDesk {
    return this.#opened().desk;
  }

  /** A staff member with these permissions, and no PIN yet. */
  async member(name: string, permissions: Permission[]): Promise<void> {
    const { users } = this.access.stores;
    await users.insert({
      ...{ _id: name, name, passwordHash: 'none', roles: [`role-${name}`], status: 'active' },
      createdAt: new Date(this.world.clock.now()),
    });
    await users.putRole({ _id: `role-${name}`, permissions });
  }

  /** A second person allows what was asked for. */
  decide(id: string) {
    return this.access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE });
  }

  async set(over: { dayLimitFen?: number; frozen?: boolean } = {}): Promise<void> {
    const request = { id: 'tianshan-1', name: '天山一社区', terminals: [TERMINAL], reason: 'Opened.' };
    const asked = await this.float.floats.requestSet(
      { ...request, dayLimitFen: 50_000, ...over },
      ANNA,
      HERE,
    );
    await this.decide(asked._id);
  }

  /** The committee's float, with this much in it. */
  async opened(fen = 100_000, dayLimitFen = 50_000): Promise<void> {
    await this.set({ dayLimitFen });
    const topUp = { fen, reference: 'bank-1', reason: 'It came.' };
    const { floats } = this.float;
    await this.decide((await floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
  }

  take(order: Order, { terminalId = TERMINAL, ...over }: Over = {}) {
    return this.float.cash.take(order, { terminalId, by: { staff: 'zhang', pin: PIN, ...over } }, HERE);
  }

  offer(order: Order, over: Over = {}) {
    return this.float.cash.offer(order, { terminalId: TERMINAL, staff: 'zhang', pin: PIN, ...over }, HERE);
  }

  takeWith(order: Order, ticket: string, terminalId = TERMINAL) {
    return this.float.cash.take(order, { terminalId, by: { ticket } }, HERE);
  }

  /** -1 without a float. */
  async balance(): Promise<number> {
    return (await this.store.get('tianshan-1'))?.balanceFen ?? -1;
  }

  /** What the entries say: the same as the balance, always. */
  async summed(): Promise<number> {
    const entries = await this.float.floats.entries('tianshan-1');
    return entries.reduce((sum, { debit, credit, fen }) => {
      return sum + (credit === 'float:tianshan-1' ? fen : 0) - (debit === 'float:tianshan-1' ? fen : 0);
    }, 0);
  }

  /** Sold meanwhile over another counter: the grid will refuse. */
  async spoil(card: FakeCard): Promise<void> {
    const { meterNo, serial } = card;
    const { grid } = this.world;
    await grid.sell({ orderNo: 'counter', customerNo: 'x', meterNo, serial, faceFen: 100, count: 2 });
  }

  #opened() {
    if (this.#parts === undefined) throw new Error('The world was not begun.');
    return this.#parts;
  }
}
