import { randomUUID } from 'node:crypto';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { CommissionRuleRequest } from '@bianmin/purchase/api/commission';
import type { Approval } from '../../access/store/approvals.ts';
import { MongoCaseStore } from '../../cases/case-store.ts';
import { Cases } from '../../cases/cases.ts';
import { TerminalStore } from '../../fleet/store/terminals.ts';
import { startOfDay } from '../../kernel/china-time.ts';
import { NumberSeal } from '../../kernel/sealed-number.ts';
import { CommissionRules } from '../../money/commission/rules.ts';
import type { DiscountRules } from '../../money/discount/rules.ts';
import type { HoldSettler } from '../../money/discount/settler.ts';
import { FloatStore } from '../../money/float/float-store.ts';
import { Settlements } from '../../money/reconcile/settlements.ts';
import type { RefundRequests } from '../../money/refunds/requests.ts';
import type { CaseSink } from '../../orders/model/case-sink.ts';
import type { Order, Refund } from '../../orders/model/order.ts';
import { MongoOrderStore } from '../../orders/store/mongo-orders.ts';
import { createBooks, type BookServices } from '../../wiring/books.ts';
import { createCounter, type CounterServices } from '../../wiring/counter.ts';
import { createDiscounts, type DiscountServices } from '../../wiring/discounts.ts';
import { createFloats, type FloatServices } from '../../wiring/float.ts';
import { createRefunds } from '../../wiring/refunds.ts';
import { createStaff, type StaffServices } from '../../wiring/staff.ts';
import { hashPassword } from '../../access/password.ts';
import { CHEAP_HASH, openAccess, type TestAccess } from '../access.ts';
import { testConfig } from '../config.ts';
import type { TestContext } from '../context.ts';
import type { FakeCard } from '../fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from '../order-world.ts';
import { ANNA, BORIS, HERE } from '../staff-members.ts';

export const MONTH = '2026-03';
export const WALLETS = ['wechat', 'alipay', 'bestpay'] as const satisfies readonly Channel[];
export const [NORTH, SOUTH] = ['c00000000000000a1', 'c00000000000000b2'] as const;
export const PREFECTURE = '650100';
/** A committee's, at both terminals of the northern community. */
export const FLOAT = 'north-1';
/** Of everybody at a counter. */
export const PIN = '274913';

interface Parts {
  readonly world: OrderWorld;
  readonly access: TestAccess;
  readonly cases: Cases;
  readonly books: BookServices;
  readonly floats: FloatServices;
  readonly counter: CounterServices;
  readonly staff: StaffServices;
  readonly refunds: RefundRequests;
  readonly discounts: DiscountRules;
  readonly holds: HoldSettler;
  readonly settlements: Settlements;
  readonly commissions: CommissionRules;
  readonly kiosks: Record<'hall' | 'gate' | 'south', FakeTerminal>;
}

/**
 * Every part of the server that moves a community's money, as both processes wire it, on a database, beside a grid, three wallets and
 * drawers that keep books of their own.
 */
export class MonthWorld {
  readonly of: Parts;

  private constructor(of: Parts) {
    this.of = of;
  }

  /** Empties database and cache first. It is 27 February 2026. */
  static async open(t: TestContext): Promise<MonthWorld> {
    await t.empty();
    await t.redis.flushdb();
    t.db.deleteModel(/.*/u);
    const { db, redis } = t;
    const store = new MongoOrderStore({
      ...{ db, seal: new NumberSeal(Buffer.alloc(32, 1)), wrote: () => undefined },
    });
    const terminals = new TerminalStore(db);
    await Promise.all([store.prepare(), terminals.prepare()]);
    const later: { cases?: CaseSink; desk?: DiscountServices['desk'] } = {};
    const world = await OrderWorld.open(
      {
        ...{ store, floatStore: new FloatStore(db), draw: counting() },
        cases: { open: (report) => later.cases?.open(report) ?? Promise.resolve() },
        discounts: {
          reserve: (request) => later.desk?.reserve(request) ?? Promise.resolve({}),
          release: (orderNo, rule) => later.desk?.release(orderNo, rule) ?? Promise.resolve(),
        },
      },
      { wallets: WALLETS },
    );
    const { clock, grid, log, services } = world;
    grid.cancelsWritten = true;
    clock.jump(startOfDay('2026-02-27').getTime() + 36_000_000 - clock.now());
    const cases = new Cases({ store: new MongoCaseStore(db), clock });
    const access = await openAccess(t, clock);
    const { stores, approvals, audit, guesses } = access;
    const config = testConfig();
    const discounting = await createDiscounts({ db, clock, log, config, grid });
    Object.assign(later, { cases, desk: discounting.desk });
    const channels = new Map(WALLETS.map((name) => [name, world.channel(name)]));
    const books = await createBooks({ db, clock, log, channels, grid });
    books.months.register(approvals);
    const floats = await createFloats({
      deps: { db, redis, clock, config },
      ...{ services, access: { approvals, audit, guesses, userStore: stores.users } },
      hash: (pin) => hashPassword(pin, CHEAP_HASH),
    });
    const staff = await createStaff({
      deps: { db, clock, config, grid, log },
      ...{ services, access, fleet: { terminals } },
    });
    const counter = createCounter({
      deps: { db, redis, clock },
      ...{ services, access: { audit, userStore: stores.users }, floats, diagnoses: staff.diagnoses },
    });
    const made = new MonthWorld({
      ...{ world, access, cases, books, floats, counter, staff },
      refunds: createRefunds({ services, access, cases }),
      discounts: discounting.rules(access),
      holds: discounting.settler(store),
      settlements: new Settlements({ cases, ledger: books.ledger, approvals, clock }),
      commissions: new CommissionRules({
        ...{ store: books.commissionRules, orgs: stores.orgs, approvals, clock },
      }),
      kiosks: {
        hall: await kioskOf('5', NORTH),
        gate: await kioskOf('6', NORTH),
        south: await kioskOf('7', SOUTH),
      },
    });
    await made.#settle(terminals);
    return made;
  }

  /** It is this time of this day in China; never earlier than it was. */
  at(day: string, time: string): void {
    const { clock } = this.of.world;
    const ms = Date.parse(`${day}T${time}+08:00`) - clock.now();
    if (ms < 0) throw new Error(`${day} ${time} is over.`);
    clock.jump(ms);
  }

  /** A second person allows what was asked for, and it is carried out. */
  async allow({ _id }: Approval): Promise<void> {
    const { approvals } = this.of.access;
    const done = await approvals.decide({ id: _id, checker: BORIS, accept: true, where: HERE });
    if (done.status !== 'done') throw new Error(`${done.kind} came to ${done.failure ?? done.status}.`);
  }

  async commission(request: CommissionRuleRequest): Promise<string> {
    const approval = await this.of.commissions.propose(request, ANNA, HERE);
    await this.allow(approval);
    return approval._id;
  }

  /** An order with a code out for this wallet. */
  async offer(kiosk: FakeTerminal, card: FakeCard, of: { wallet: Channel; faceFen: number }): Promise<Order> {
    const { world } = this.of;
    return world.services.orders.createPayment(await world.order(kiosk, card, of.faceFen), of.wallet);
  }

  /** A payer pays by the newest code of this wallet; nobody hears of it yet. Gives the payment's number. */
  pay(order: Order, wallet: Channel): string {
    const payment = order.payments.findLast(({ channel }) => channel === wallet);
    if (payment?.codeUrl === null || payment === undefined) throw new Error('There is no code.');
    if (!this.of.world.channel(wallet).pay(payment.codeUrl)) throw new Error('The wallet did not let them.');
    return payment.no;
  }

  async hears(paymentNo: string, wallet: Channel): Promise<void> {
    await this.of.world.notify(paymentNo, wallet);
    await this.of.world.work();
  }

  /** Paid by a wallet, sold, and on no card yet. */
  async paid(kiosk: FakeTerminal, card: FakeCard, of: { wallet: Channel; faceFen: number }): Promise<Order> {
    const order = await this.offer(kiosk, card, of);
    await this.hears(this.pay(order, of.wallet), of.wallet);
    return this.of.world.now(order);
  }

  /** Written onto its card, and carried to its meter. */
  async delivered(kiosk: FakeTerminal, card: FakeCard, order: Order): Promise<Order> {
    const { world } = this.of;
    await world.write(kiosk, card, order);
    world.meterOf(card).insert(card);
    await world.pass(1_000);
    return world.now(order);
  }

  /** One person asks for money back beside a purchase that stands, another allows it; `fen` null: all of it. */
  async refund({ _id: orderNo }: Order, fen: number | null): Promise<Refund> {
    const { refunds, world } = this.of;
    const reason = 'Charged too much.';
    const asked = await refunds.request({ key: randomUUID(), orderNo, fen, reason }, ANNA, HERE);
    await refunds.decide({ refundNo: asked.refund.no, accept: true }, BORIS, HERE);
    await world.pass(5_000, 5_000);
    return asked.refund;
  }

  /** Two persons have a sale undone whose card is here; one that is on the card is taken off it first. */
  async undo(kiosk: FakeTerminal, card: FakeCard, order: Order): Promise<void> {
    const { staff, world } = this.of;
    const { terminalId } = kiosk;
    const reading = await staff.readings.request({ orderNo: order._id, terminalId }, ANNA, HERE);
    await staff.readings.take(reading._id, terminalId, card.read());
    const wish = { orderNo: order._id, nonce: reading._id, reason: 'Bought for the wrong flat.' };
    await this.allow(await staff.reversals.request(wish, ANNA, HERE));
    const now = await world.now(order);
    if (now.undo?.status === 'allowed') {
      const sealed = await world.services.undos.release(now, kiosk, card.read());
      card.write(await kiosk.open(sealed));
      await world.services.writes.claim(await world.now(order), terminalId, {
        ...({ lease: sealed.lease, result: 'written' } as const),
        imageDigest: card.digest(),
      });
    }
    await world.pass(5_000, 5_000);
  }

  /** The morning after a day: holds end, and the day is compared with everybody's bill. */
  async reconcile(day: string): Promise<void> {
    const { books, holds, world } = this.of;
    world.grid.cutDays.add(day);
    await holds.settle();
    await books.reconciler.run({ first: day, by: 'system' });
  }

  async #settle(terminals: TerminalStore): Promise<void> {
    const { access, world, kiosks, floats } = this.of;
    const { orgs, users } = access.stores;
    const createdAt = new Date(world.clock.now());
    for (const [id, zh] of [
      [NORTH, '北园社区'],
      [SOUTH, '南园社区'],
    ] as const) {
      const path = pathOf(id);
      await orgs.insert({
        ...{
          _id: id,
          kind: 'community',
          names: { 'zh-CN': zh, en: zh },
          parent: PREFECTURE,
          path,
          version: 1,
        },
      });
    }
    for (const { terminalId, sealKey, orgPath } of Object.values(kiosks)) {
      await terminals.enrol({
        ...{ _id: terminalId, signKey: sealKey, sealKey, kind: 'kiosk', name: 'The counter', version: '1' },
        enrolledAt: createdAt,
      });
      await terminals.decide({
        ...{ id: terminalId, from: ['pending'], to: 'accepted', by: 'test', at: createdAt },
      });
      await terminals.place(terminalId, { _id: orgPath.at(-1) ?? '', path: orgPath });
    }
    await users.putRole({ _id: 'cash', permissions: ['float:use'] });
    for (const name of ['zhang', 'li']) {
      const user = { _id: name, name, passwordHash: 'none', roles: ['cash'], createdAt };
      await users.insert({ ...user, status: 'active', scope: NORTH });
      await floats.pins.set(name, PIN);
    }
  }
}

function pathOf(community: string): string[] {
  return ['province', PREFECTURE, community];
}

async function kioskOf(digit: string, community: string): Promise<FakeTerminal> {
  return { ...(await fakeTerminal(`t${digit.repeat(30)}`)), orgPath: pathOf(community) };
}

/** The same numbers in each run. */
function counting(): (below: number) => number {
  let next = 0;
  return (below) => (next += 7_919) % below;
}
