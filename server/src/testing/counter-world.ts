import type { Permission } from '../kernel/permissions.ts';
import { hashPassword } from '../access/password.ts';
import { FloatStore } from '../money/float/float-store.ts';
import type { Order } from '../orders/model/order.ts';
import type { OrderStore } from '../orders/store/orders.ts';
import { terminalCounterRoutes } from '../people/counter/routes.ts';
import { Diagnoses } from '../people/staff/diagnoses.ts';
import { createCounter, type CounterServices } from '../wiring/counter.ts';
import { createFloats, type FloatServices } from '../wiring/float.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from './access.ts';
import { serveAdmin, type AdminCalls } from './admin-calls.ts';
import type { TestContext } from './context.ts';
import type { FakeCard } from './fake-card.ts';
import { MemoryOrderStore } from './memory-orders.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';
import { ANNA, BORIS, HERE } from './staff-world.ts';
import { testConfig } from './config.ts';

/** Of everybody at a counter. */
export const PIN = '274913';
/** No terminal and no organisation is known by name here. */
const NONE = { get: () => Promise.resolve(null) };
export const COMMUNITY = 'c00000000000000a1';
export const PATH = ['province', '650100', COMMUNITY];

/** Staff mode: two terminals of a community and one of another prefecture, and people who may do this or that there. */
export class CounterWorld {
  readonly world: OrderWorld;
  readonly access: TestAccess;
  readonly floats: FloatServices;
  readonly kiosk: FakeTerminal;
  readonly neighbour: FakeTerminal;
  readonly stranger: FakeTerminal;
  /** Staff numbers by name. */
  readonly numbers = new Map<string, string>();
  readonly #t: TestContext;
  #calls: AdminCalls | undefined;

  private constructor(
    t: TestContext,
    of: Pick<CounterWorld, 'world' | 'access' | 'floats' | 'kiosk' | 'neighbour' | 'stranger'>,
  ) {
    this.#t = t;
    this.world = of.world;
    this.access = of.access;
    this.floats = of.floats;
    this.kiosk = of.kiosk;
    this.neighbour = of.neighbour;
    this.stranger = of.stranger;
  }

  /** Empties the database and the cache first. */
  static async open(t: TestContext, store: OrderStore = new MemoryOrderStore()): Promise<CounterWorld> {
    await t.empty();
    await t.redis.flushdb();
    t.db.deleteModel(/.*/u);
    const world = await OrderWorld.open({ store, floatStore: new FloatStore(t.db) });
    const access = await openAccess(t, world.clock);
    const { stores, approvals, audit, guesses } = access;
    const floats = await createFloats({
      deps: { db: t.db, redis: t.redis, clock: world.clock, config: testConfig() },
      ...{ services: world.services, access: { approvals, audit, guesses, userStore: stores.users } },
      hash: (pin) => hashPassword(pin, CHEAP_HASH),
    });
    const made = new CounterWorld(t, {
      ...{ world, access, floats },
      kiosk: { ...(await fakeTerminal(`t${'5'.repeat(30)}`)), orgPath: PATH },
      neighbour: { ...(await fakeTerminal(`t${'6'.repeat(30)}`)), orgPath: PATH },
      stranger: { ...(await fakeTerminal(`t${'7'.repeat(30)}`)), orgPath: ['province', '653100'] },
    });
    await made.#member('zhang', ['float:use', 'order:read'], COMMUNITY);
    await made.#member('cash', ['float:use'], '650100');
    await made.#member('away', ['float:use', 'order:read'], '653100');
    await made.#member('nobody', ['bill:read'], COMMUNITY);
    made.#calls = await made.at(made.kiosk);
    return made;
  }

  async close(): Promise<void> {
    await this.#calls?.close();
  }

  async #member(name: string, permissions: Permission[], scope: string): Promise<void> {
    const { users } = this.access.stores;
    await users.insert({
      ...{ _id: name, name, passwordHash: 'none', roles: [`role-${name}`], status: 'active', scope },
      createdAt: new Date(this.world.clock.now()),
    });
    await users.putRole({ _id: `role-${name}`, permissions });
    this.numbers.set(name, await this.floats.pins.set(name, PIN));
  }

  /** The same endpoints as another terminal calls them. */
  at(terminal: FakeTerminal): Promise<AdminCalls> {
    return serveAdmin(terminalCounterRoutes(this.counter()), this.world, terminal);
  }

  diagnoses(): Diagnoses {
    const { mover } = this.world.services;
    return new Diagnoses({ mover, grid: this.world.grid, terminals: NONE, orgs: NONE });
  }

  /** Staff mode, as a web process wires it. */
  counter(): CounterServices {
    const { stores, audit } = this.access;
    return createCounter({
      deps: { db: this.#t.db, redis: this.#t.redis, clock: this.world.clock },
      ...{ services: this.world.services, access: { audit, userStore: stores.users }, floats: this.floats },
      diagnoses: this.diagnoses(),
    });
  }

  /** `by`: absent, the kiosk calls. */
  post(path: string, body: object, by = this.#calls): ReturnType<AdminCalls['call']> {
    if (by === undefined) throw new Error('Nobody calls.');
    return by.call('post', `/v1/terminal/staff/${path}`, { body });
  }

  enter(name = 'zhang', pin = PIN, by = this.#calls): ReturnType<AdminCalls['call']> {
    return this.post('sessions', { staff: this.numbers.get(name) ?? name, pin }, by);
  }

  /** Signed in for a shift. */
  begin(name = 'zhang', by = this.#calls): ReturnType<AdminCalls['call']> {
    return this.post('sessions', { staff: this.numbers.get(name) ?? name, pin: PIN, shift: true }, by);
  }

  async ticketOf(name = 'zhang', by = this.#calls): Promise<string> {
    return String((await this.enter(name, PIN, by)).body['ticket']);
  }

  search(ticket: string, of: object = {}, by = this.#calls): ReturnType<AdminCalls['call']> {
    return this.post('orders/search', { ticket, list: 'recent', ...of }, by);
  }

  async sold(terminal: FakeTerminal, card: FakeCard): Promise<Order> {
    const order = await this.world.paid(terminal, card);
    // Numbers are in the order of time, to the second.
    this.world.clock.jump(1_000);
    return order;
  }

  /** A float that covers the kiosk, or these terminals. */
  async opened(at: readonly FakeTerminal[] = [this.kiosk]): Promise<void> {
    const { floats } = this.floats;
    const decide = (id: string) =>
      this.access.approvals.decide({ id, checker: BORIS, accept: true, where: HERE });
    const request = {
      id: 'tianshan-1',
      name: '天山一社区',
      terminals: at.map(({ terminalId }) => terminalId),
      reason: 'Opened.',
    };
    await decide((await floats.requestSet({ ...request, dayLimitFen: 50_000 }, ANNA, HERE))._id);
    const topUp = { fen: 100_000, reference: 'bank-1', reason: 'It came.' };
    await decide((await floats.requestTopUp('tianshan-1', topUp, { maker: ANNA, where: HERE }))._id);
  }
}
