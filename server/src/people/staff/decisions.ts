import { z } from 'zod';
import {
  DECISIONS,
  type Decision,
  type GridAnswer,
  type OrderActions,
} from '@bianmin/purchase/api/order-decisions';
import type { Approvals, Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Cases } from '../../cases/cases.ts';
import { asking } from '../../orders/desk/grid-problem.ts';
import type { Moved, OrderMover } from '../../orders/desk/mover.ts';
import {
  decided,
  refundedElsewhere,
  staffReversalSent,
  treatedAsSold,
} from '../../orders/model/moves/staff.ts';
import type { Order } from '../../orders/model/order.ts';
import type { RefundDesk } from '../../orders/desk/refund-desk.ts';
import type { SaleDesk } from '../../orders/desk/sale-desk.ts';
import type { GridGateway, GridSale } from '../../gateways/grid/contract.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { actionsOf, againstDecision, counterOf, type Asked } from './actions.ts';
import { orderOf } from './order-of.ts';
import { personsOf, refusedByGrid } from './reversals.ts';

const content = z.object({
  orderNo: z.string(),
  action: z.enum(DECISIONS),
  reason: z.string(),
  /** Those that were abnormal when it was asked for. Absent: it was asked for before they were named. */
  refunds: z.array(z.string()).optional(),
});

export interface DecisionsInit {
  readonly mover: OrderMover;
  readonly sales: SaleDesk;
  readonly refunds: RefundDesk;
  readonly grid: GridGateway;
  readonly cases: Cases;
  readonly approvals: Approvals;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/** What persons decide about an order that no rule can move any further. Two for whatever moves money or electricity. */
export class Decisions {
  readonly #init: DecisionsInit;

  constructor(init: DecisionsInit) {
    this.#init = init;
    init.approvals.register('order.decide', {
      permission: 'order:decide',
      run: (approval) => this.#run(approval),
    });
  }

  async actions(orderNo: string, by: AdminPrincipal): Promise<OrderActions> {
    const order = await orderOf(this.#init.mover.store, orderNo, by.scope);
    const reason = order.attention ?? (order.state === 'attention' ? 'refund-abnormal' : null);
    const asked = this.#asked();
    return {
      ...{ orderNo, state: order.state, attention: reason },
      actions: actionsOf(order, asked),
      ...counterOf(order, asked),
    };
  }

  /** What the grid says of the sale now. It changes nothing and is noted on the order's open cases. */
  async queryGrid(orderNo: string, by: AdminPrincipal, where: Where): Promise<GridAnswer> {
    const order = await orderOf(this.#init.mover.store, orderNo, by.scope);
    await this.#init.audit.record(
      byAdmin(by, {
        action: 'order.query-grid',
        target: orderNo,
        where,
      }),
    );
    const answer = answerOf(order, await asking(this.#init.grid.queryOriginal(orderNo)));
    const words =
      answer.sale === null ? answer.status : `sold as ${answer.sale.saleNo}, count ${answer.sale.count}`;
    await this.#init.cases.noteOrder(orderNo, personOf(by), `Asked again, the grid says: ${words}.`);
    return answer;
  }

  /** Throws `order.action-refused` where the facts do not allow it now. */
  async request(
    init: { orderNo: string; action: Decision; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const order = await orderOf(this.#init.mover.store, init.orderNo, maker.scope);
    this.#refuseUnless(order, init.action);
    return this.#init.approvals.request({
      kind: 'order.decide',
      content: { ...init, ...factsOf(order, init.action) },
      orgPath: order.orgPath,
      maker,
      where,
    });
  }

  async #run(approval: Approval): Promise<void> {
    const { orderNo, action, reason, refunds } = content.parse(approval.content);
    const order = await orderOf(this.#init.mover.store, orderNo, WHOLE_PROVINCE);
    // Carried out before a crash, by this very decision.
    if (!carriedOut(order, approval)) await this.#carryOut(order, { action, refunds }, approval);
    const { maker, checker } = approval;
    await this.#init.cases.noteOrder(
      orderNo,
      checker ?? maker,
      `Decided: ${action}. ${reason} Asked for by ${maker.name}, allowed by ${checker?.name ?? 'nobody'}.`,
    );
  }

  async #carryOut(
    order: Order,
    { action, refunds }: { action: Decision; refunds: readonly string[] | undefined },
    approval: Approval,
  ): Promise<void> {
    this.#refuseUnless(order, action);
    const by = personsOf(approval);
    switch (action) {
      case 'treat-as-sold':
        return this.#treatAsSold(order, by);
      case 'reverse-refund':
        return this.#reverseRefund(order, by);
      case 'resume':
        return this.#moved(await this.#init.mover.move(order, (now) => decided(now, { ...by, action })));
      case 'refund-elsewhere':
        return this.#refundedElsewhere(order, by, refunds ?? abnormalOf(order));
    }
  }

  /** Only on the channel's word of now: it has not given the money back after all, and does not work on it. */
  async #refundedElsewhere(
    order: Order,
    by: ReturnType<typeof personsOf>,
    nos: readonly string[],
  ): Promise<void> {
    const asked = await this.#init.refunds.askAgain(order);
    this.#refuseUnless(asked, 'refund-elsewhere');
    const moved = await this.#init.mover.move(asked, (current) =>
      againstDecision(current, 'refund-elsewhere', this.#asked()) === null
        ? refundedElsewhere(current, by, nos)
        : undefined,
    );
    this.#moved(moved);
  }

  /** Only on the grid's word of now: the sale stands there, and it is the one that was paid for. */
  async #treatAsSold(order: Order, by: ReturnType<typeof personsOf>): Promise<void> {
    const original = await asking(this.#init.grid.queryOriginal(order._id));
    if (original.status !== 'sold' || !fits(order, original.sale)) {
      throw refused(order, `The grid does not hold this sale now: it says ${original.status}.`);
    }
    const { saleNo, creditFen, arrearsFen, feeFen } = original.sale;
    const moved = await this.#init.mover.move(order, (now) =>
      againstDecision(now, 'treat-as-sold', this.#asked()) === null
        ? treatedAsSold(now, { saleNo, creditFen, arrearsFen, feeFen }, by)
        : undefined,
    );
    this.#moved(moved);
  }

  async #reverseRefund(order: Order, by: ReturnType<typeof personsOf>): Promise<void> {
    const { mover, sales } = this.#init;
    const now = mover.now();
    if (order.reversal.status === 'reversed') {
      const action = 'reverse-refund';
      return this.#moved(await mover.move(order, (current) => decided(current, { ...by, action })));
    }
    const sent = await mover.move(order, (current) =>
      againstDecision(current, 'reverse-refund', { now, policy: mover.policy }) === null
        ? staffReversalSent(current, { now, ...by })
        : undefined,
    );
    this.#moved(sent);
    const after = await sales.reverse(sent.order);
    if (after.reversal.status === 'refused') throw refusedByGrid(after);
  }

  #refuseUnless(order: Order, action: Decision): void {
    const why = againstDecision(order, action, this.#asked());
    if (why !== null) throw refused(order, why);
  }

  #asked(): Asked {
    const { mover, grid } = this.#init;
    return { now: mover.now(), policy: mover.policy, cancelsWritten: grid.cancelsWritten };
  }

  #moved({ outcome, order }: Moved): void {
    if (outcome === 'slot-taken')
      throw refused(order, 'Another order of this meter has been sold under this count.');
    if (outcome !== 'moved')
      throw refused(order, 'The order has changed since it was read. Read its actions again.');
  }
}

function abnormalOf({ refunds }: Order): string[] {
  return refunds.filter(({ status }) => status === 'abnormal').map(({ no }) => no);
}

/** What the second person sees of it. */
function factsOf(order: Order, action: Decision) {
  const { attention, faceFen, paidFen } = order;
  const refunds = action === 'refund-elsewhere' ? { refunds: abnormalOf(order) } : {};
  return { attention, faceFen, paidFen, ...refunds };
}

/** The decision left its id on what it moved. */
function carriedOut(order: Order, approval: Approval): boolean {
  return order.events.some((event) => event.data?.['approval'] === approval._id);
}

function refused(order: Order, message: string): ProblemError {
  return new ProblemError({ code: 'order.action-refused', message, orderNo: order._id });
}

function fits(order: Order, sale: GridSale): boolean {
  return sale.orderNo === order._id && sale.count === order.count && sale.faceFen === order.faceFen;
}

function answerOf(order: Order, original: Awaited<ReturnType<GridGateway['queryOriginal']>>): GridAnswer {
  if (original.status !== 'sold') {
    const reason = original.status === 'rejected' ? original.reason : null;
    return { status: original.status, reason, sale: null, fits: false };
  }
  const { saleNo, count, faceFen, creditFen } = original.sale;
  return {
    status: 'sold',
    reason: null,
    sale: { saleNo, count, faceFen, creditFen },
    fits: fits(order, original.sale),
  };
}

function personOf(principal: AdminPrincipal): { id: string; name: string } {
  return { id: principal.userId, name: principal.name };
}
