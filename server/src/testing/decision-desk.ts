import type { Decision } from '@bianmin/purchase/api/order-decisions';
import type { Approval } from '../access/store/approvals.ts';
import { needsAttention } from '../orders/model/moves/sale.ts';
import type { AttentionReason, Order } from '../orders/model/order.ts';
import { actionsOf } from '../people/staff/actions.ts';
import { openTestContext, type TestContext } from './context.ts';
import type { FakeCard } from './fake-card.ts';
import { fakeTerminal, type FakeTerminal } from './order-world.ts';
import { ANNA, HERE, StaffWorld } from './staff-world.ts';

/** Staff who decide about an order, a household's card and a kiosk, anew for each test. */
export class DecisionDesk {
  readonly t: TestContext;
  w!: StaffWorld;
  card!: FakeCard;
  kiosk!: FakeTerminal;

  private constructor(t: TestContext) {
    this.t = t;
  }

  static async open(): Promise<DecisionDesk> {
    return new DecisionDesk(await openTestContext());
  }

  close(): Promise<void> {
    return this.t.close();
  }

  async fresh(): Promise<void> {
    const { db } = this.t;
    await Promise.all((await db.listCollections()).map(({ name }) => db.collection(name).deleteMany({})));
    this.w = await StaffWorld.open(this.t);
    this.card = this.w.world.household();
    this.kiosk = await fakeTerminal('kiosk-a');
  }

  /** Anna asks for a decision; a second person must allow it. */
  ask(order: Order, action: Decision): Promise<Approval> {
    const wish = { orderNo: order._id, action, reason: 'Looked at the bill.' };
    return this.w.staff.decisions.request(wish, ANNA, HERE);
  }

  async inAttention(order: Order, reason: AttentionReason): Promise<Order> {
    const { mover } = this.w.world.services;
    return (await mover.move(order, (current) => needsAttention(current, reason))).order;
  }

  /** What may be done about an order now. */
  allowedFor(order: Order): string[] {
    const { mover } = this.w.world.services;
    return actionsOf(order, { now: mover.now(), policy: mover.policy })
      .filter((action) => action.allowed)
      .map((action) => action.action);
  }
}
