import type { AdminPrincipal } from '../access/sessions.ts';
import { Cases } from '../cases/cases.ts';
import { MongoCaseStore } from '../cases/case-store.ts';
import type { CaseSink } from '../orders/model/case-sink.ts';
import type { Order } from '../orders/model/order.ts';
import { createStaff, type StaffServices } from '../wiring/staff.ts';
import type { Approval } from '../access/store/approvals.ts';
import { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { NumberSeal } from '../kernel/sealed-number.ts';
import { TerminalStore } from '../fleet/store/terminals.ts';
import { openAccess, type TestAccess } from './access.ts';
import { testConfig } from './config.ts';
import { ANNA, BORIS, HERE, READY, staffMember } from './staff-members.ts';
import type { TestContext } from './context.ts';
import { FakeCard } from './fake-card.ts';
import { fakeTerminal, OrderWorld, type FakeTerminal } from './order-world.ts';

export { ANNA, BORIS, HERE, READY, staffMember };

/** The order world on a database, with staff, their approvals and an accepted kiosk. */
export class StaffWorld {
  readonly world: OrderWorld;
  readonly kiosk: FakeTerminal;
  readonly access: TestAccess;
  readonly staff: StaffServices;

  private constructor(init: {
    world: OrderWorld;
    kiosk: FakeTerminal;
    access: TestAccess;
    staff: StaffServices;
  }) {
    this.world = init.world;
    this.kiosk = init.kiosk;
    this.access = init.access;
    this.staff = init.staff;
  }

  static async open(t: TestContext): Promise<StaffWorld> {
    t.db.deleteModel(/.*/u);
    const store = new MongoOrderStore({
      db: t.db,
      seal: new NumberSeal(Buffer.alloc(32, 7)),
      wrote: () => undefined,
    });
    const caseStore = new MongoCaseStore(t.db);
    const terminals = new TerminalStore(t.db);
    await Promise.all([store.prepare(), caseStore.prepare(), terminals.prepare()]);
    const sink: { cases?: CaseSink } = {};
    const world = await OrderWorld.open({
      store,
      cases: { open: (report) => sink.cases?.open(report) ?? Promise.resolve() },
    });
    const { clock, grid, services } = world;
    sink.cases = new Cases({ store: caseStore, clock });
    const access = await openAccess(t, clock);
    const kiosk = await fakeTerminal(`t${'5'.repeat(30)}`);
    await acceptKiosk(terminals, kiosk);
    const deps = { db: t.db, clock, config: testConfig(), grid, log: world.log };
    t.db.deleteModel(/^Case$/u);
    const staff = await createStaff({ deps, services, access, fleet: { terminals } });
    return new StaffWorld({ world, kiosk, access, staff });
  }

  /** A blank card of the same make, not yet anybody's. */
  blank(card: FakeCard, digit: string): FakeCard {
    return new FakeCard(digit.padStart(16, 'A'), card.meterNo);
  }

  /** Staff have the card read at the kiosk, now. */
  async read(orderNo: string, card: FakeCard, by: AdminPrincipal = ANNA): Promise<string> {
    const { terminalId } = this.kiosk;
    const { _id } = await this.staff.readings.request({ orderNo, terminalId }, by, HERE);
    await this.staff.readings.take(_id, terminalId, card.read());
    return _id;
  }

  allow(approval: Approval, checker: AdminPrincipal = BORIS): Promise<Approval> {
    return this.access.approvals.decide({ id: approval._id, checker, accept: true, where: HERE });
  }

  async now(order: Order): Promise<Order> {
    return this.world.now(order);
  }
}

async function acceptKiosk(terminals: TerminalStore, kiosk: FakeTerminal): Promise<void> {
  const at = new Date();
  await terminals.enrol({
    _id: kiosk.terminalId,
    signKey: kiosk.sealKey,
    sealKey: kiosk.sealKey,
    kind: 'kiosk',
    name: 'The counter',
    version: '1',
    enrolledAt: at,
  });
  await terminals.decide({ id: kiosk.terminalId, from: ['pending'], to: 'accepted', by: 'test', at });
}
