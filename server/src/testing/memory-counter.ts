import type { Permission } from '../kernel/permissions.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { User } from '../access/store/users.ts';
import { Cases } from '../cases/cases.ts';
import { CashDesk, type CashInit } from '../money/float/cash.ts';
import type { FloatDesk } from '../money/float/desk.ts';
import type { CommitteeFloat, FloatEntry } from '../money/float/float.ts';
import type { FloatStore } from '../money/float/float-store.ts';
import { Floats } from '../money/float/floats.ts';
import { HandOutFollower } from '../money/float/hand-out-follower.ts';
import { HandOuts } from '../money/float/hand-outs.ts';
import type { StaffPins } from '../money/float/pins.ts';
import type { Shift } from '../money/float/shift.ts';
import { ShiftFollower } from '../money/float/shift-follower.ts';
import { ShiftTickets } from '../money/float/shift-tickets.ts';
import { Shifts } from '../money/float/shifts.ts';
import { PROVINCE_PATH } from '../kernel/org-path.ts';
import type { Order, Refund } from '../orders/model/order.ts';
import type { FakeCard } from './fake-card.ts';
import { MemoryCaseStore } from './memory-cases.ts';
import { MemoryFloatStore } from './memory-floats.ts';
import { MemoryOffice } from './memory-office.ts';
import { memoryRedis } from './memory-redis.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';
import { HERE } from './staff-members.ts';

export const COUNTER = `t${'5'.repeat(30)}`;
export const FLOAT = 'tianshan-1';
/** As the server's settings have them. */
export const PIN_AFTER_MS = 300_000;
export const PIN_ABOVE_FEN = 50_000;
/** Of everyone who may take cash. */
export const PIN = '274913';

/** Floats in memory, as those see them who look after them. */
export class MemoryFloats extends MemoryFloatStore {
  /** For who asks for those in the database. */
  get store(): FloatStore {
    return this as unknown as FloatStore;
  }

  insert(float: CommitteeFloat): Promise<'inserted' | 'exists'> {
    if (this.floats.has(float._id)) return Promise.resolve('exists');
    this.floats.set(float._id, float);
    return Promise.resolve('inserted');
  }

  list(): Promise<CommitteeFloat[]> {
    return Promise.resolve([...this.floats.values()].sort((a, b) => (a._id < b._id ? -1 : 1)));
  }

  /** As in the database: all in floats, and those of the book since a moment. */
  ofKinds(kinds: readonly FloatEntry['kind'][], since: Date): Promise<FloatEntry[]> {
    const recent = [...this.floats.values()].flatMap((float) => float.recent);
    const found = this.entries().filter((entry) => recent.includes(entry) || entry.at >= since);
    return Promise.resolve(found.filter(({ kind }) => kinds.includes(kind)));
  }

  entriesSince(float: string, since: Date, before?: Date): Promise<FloatEntry[]> {
    const found = this.entries(float).filter(
      ({ at }) => at >= since && (before === undefined || at < before),
    );
    return Promise.resolve(found);
  }

  /** All there are; of one float, as in the database: those in the book, newest first. */
  override entries(id?: string, limit = Infinity): FloatEntry[] {
    if (id === undefined) return super.entries();
    const recent = this.floats.get(id)?.recent ?? [];
    const booked = super.entries().filter((entry) => entry.float === id && !recent.includes(entry));
    return booked.reverse().slice(0, limit);
  }
}

/** A float that has ¥1000.00 and may pay ¥500.00 a day, with whatever a test needs different. */
export function sampleFloat(over: Partial<CommitteeFloat> = {}): CommitteeFloat {
  return {
    ...{ _id: FLOAT, name: '天山一社区', terminals: [COUNTER], balanceFen: 100_000, dayLimitFen: 50_000 },
    ...{ day: '', dayFen: 0, recent: [], version: 1 },
    ...over,
  };
}

/** A committee's counter in memory: the order engine, a float, and staff with PINs. */
export class MemoryCounter {
  readonly floats = new MemoryFloats();
  readonly users = new Map<string, User>();
  readonly caseStore = new MemoryCaseStore();
  readonly kiosk: FakeTerminal;
  readonly world: OrderWorld;
  readonly office: MemoryOffice;
  readonly desk: FloatDesk;
  readonly cases: Cases;
  readonly follower: HandOutFollower;
  readonly tickets: ShiftTickets;
  readonly shifts: Shifts;
  readonly #permissions = new Map<string, Permission[]>();
  readonly #check: StaffPins['check'] = (who, pin) => {
    const user = [...this.users.values()].find(({ name }) => name === who);
    if (user?.status === 'active' && pin === PIN) return Promise.resolve(user);
    return Promise.reject(new ProblemError({ code: 'float.bad-pin', message: 'Wrong.' }));
  };

  private constructor(kiosk: FakeTerminal, world: OrderWorld, floats: MemoryFloats) {
    this.kiosk = kiosk;
    this.world = world;
    this.floats = floats;
    this.office = new MemoryOffice(world.clock);
    const { floats: desk, mover } = world.services;
    if (desk === undefined) throw new Error('The world has no floats.');
    this.desk = desk;
    this.cases = new Cases({ store: this.caseStore, clock: world.clock });
    this.follower = new HandOutFollower({ mover, desk, cases: this.cases });
    const get = (id: string): Promise<User | null> => Promise.resolve(this.users.get(id) ?? null);
    this.tickets = new ShiftTickets({
      ...{ redis: memoryRedis(), clock: world.clock, users: { get }, pins: { check: this.#check } },
      pin: { afterMs: PIN_AFTER_MS, aboveFen: PIN_ABOVE_FEN },
    });
    this.shifts = new Shifts({
      ...{ store: floats, desk, tickets: this.tickets, audit: this.office.audit },
      ...{ follower: new ShiftFollower(this.cases), pins: { numberOf: () => Promise.resolve(undefined) } },
    });
    this.member('zhang', ['float:use']);
  }

  static async open(over: Partial<CommitteeFloat> = {}): Promise<MemoryCounter> {
    const floats = new MemoryFloats();
    const world = await OrderWorld.open({ floatStore: floats });
    const counter = new MemoryCounter(await fakeTerminal(COUNTER), world, floats);
    await floats.insert(sampleFloat(over));
    return counter;
  }

  member(name: string, permissions: Permission[], status: User['status'] = 'active'): void {
    const user = { _id: `u-${name}`, name, passwordHash: '', roles: [name], status, createdAt: new Date(0) };
    this.users.set(user._id, user);
    this.#permissions.set(name, permissions);
  }

  /** Tickets are the content that they stand for, as text. */
  cash(over: Partial<CashInit> = {}): CashDesk {
    const { mover, receiving, closing, receipts } = this.world.services;
    return new CashDesk({
      ...{ mover, receiving, closing, receipts, store: this.floats, desk: this.desk },
      ...{ pins: { check: this.#check }, tickets: this.tickets, audit: this.office.audit },
      offers: {
        issue: (offer) => Promise.resolve(JSON.stringify(offer)),
        find: (ticket) => Promise.resolve(ticket === '' ? null : (JSON.parse(ticket) as never)),
      },
      users: {
        get: (id) => Promise.resolve(this.users.get(id) ?? null),
        permissionsOf: (roles) =>
          Promise.resolve(new Set(roles.flatMap((role) => this.#permissions.get(role) ?? []))),
      },
      ...over,
    });
  }

  handOuts(numbers: Readonly<Record<string, string>> = {}): HandOuts {
    const { desk, follower, floats, office, world } = this;
    return new HandOuts({
      ...{ mover: world.services.mover, store: floats.store, desk, follower, audit: office.audit },
      pins: { numberOf: (id) => Promise.resolve(numbers[id]) },
    });
  }

  /** Who signs in with their PIN for a shift: its ticket, and the shift. */
  async signIn(name = 'zhang', terminalId = COUNTER): Promise<{ ticket: string; shift: Shift }> {
    const staff = this.users.get(`u-${name}`);
    const entered = staff && (await this.shifts.enter({ staff, terminalId }, PROVINCE_PATH, HERE));
    if (staff === undefined || !entered) throw new Error(`${name} has no shift there.`);
    const { ref, shift } = entered;
    return { ticket: await this.tickets.issue({ staff: staff._id, terminalId, shift: ref }), shift };
  }

  kept(): Floats {
    return new Floats({ store: this.floats.store, desk: this.desk, approvals: this.office.approvals });
  }

  order(card: FakeCard = this.world.household()): Promise<Order> {
    return this.world.order(this.kiosk, card);
  }

  take(order: Order, name = 'zhang', terminalId = COUNTER): Promise<Order> {
    return this.cash().take(order, { terminalId, by: { staff: name, pin: PIN } }, HERE);
  }

  /** Paid in cash, and refused by the grid at once: the float has the money back. */
  async refused(): Promise<{ order: Order; refund: Refund }> {
    const card = this.world.household();
    const order = await this.order(card);
    const { meterNo, serial } = card;
    const elsewhere = { orderNo: `counter-${meterNo}`, customerNo: 'x', meterNo, serial, faceFen: 100 };
    await this.world.grid.sell({ ...elsewhere, count: 2 });
    await this.take(order);
    await this.world.pass(3000);
    const now = await this.world.now(order);
    const [refund] = now.refunds;
    if (refund === undefined) throw new Error('The order has no refund.');
    return { order: now, refund };
  }

  float(): CommitteeFloat {
    const float = this.floats.floats.get(FLOAT);
    if (float === undefined) throw new Error('There is no float.');
    return float;
  }
}
