import type { RefundRequestBody } from '@bianmin/purchase/api/refund';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { Scope } from '../../kernel/scope.ts';
import { refuseUnsettled } from '../../access/settling.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { cashOwedOf, type CashOwed } from '../../orders/model/cash-owed.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import {
  againstCompensation,
  againstGivingBack,
  compensationDecided,
  compensationRequested,
  refundRetried,
  type AgainstRefund,
} from '../../orders/model/moves/compensation.ts';
import type { Order, Refund } from '../../orders/model/order.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { OpenRefundStatus } from '../../orders/store/orders.ts';

/** A refund and the order that it belongs to, as they are now. */
export interface RefundOfOrder {
  readonly order: Order;
  readonly refund: Refund;
}

const ALL_OPEN: readonly OpenRefundStatus[] = ['requested', 'approved', 'sent', 'unknown', 'abnormal'];

/**
 * Whether staff may give money back is decided by `againstCompensation` (`orders/model/moves/compensation.ts`) and a second person.
 * What we owe by rule is decided by the moves of sale and payment, which call `owe` (`orders/model/moves/refund.ts`).
 *
 * Refunds (退费) that staff ask for: requested by one person, allowed by another, then given by the channel like any
 * other. The order holds them, so that the sums are reserved where the money is counted.
 */
export class RefundRequests {
  readonly #init: {
    readonly mover: OrderMover;
    readonly trigger: Trigger;
    readonly audit: Pick<AuditTrail, 'record'>;
    /** The order as it is once the grid was asked what its meter has. */
    readonly askMeter: (order: Order) => Promise<Order>;
    /** Whether there is this case of this order. */
    readonly isCase: (caseId: string, orderNo: string) => Promise<boolean>;
  };

  constructor(init: {
    mover: OrderMover;
    trigger: Trigger;
    audit: Pick<AuditTrail, 'record'>;
    askMeter: (order: Order) => Promise<Order>;
    isCase: (caseId: string, orderNo: string) => Promise<boolean>;
  }) {
    this.#init = init;
  }

  /** Refunds that are not over, the longest waiting first. */
  async list(
    query: { status?: OpenRefundStatus | undefined; limit: number },
    scope: Scope,
  ): Promise<RefundOfOrder[]> {
    const statuses: readonly string[] = query.status === undefined ? ALL_OPEN : [query.status];
    const orders = await this.#init.mover.store.withRefunds(
      query.status === undefined ? ALL_OPEN : [query.status],
      query.limit,
      scope,
    );
    const found = orders.flatMap((order) =>
      order.refunds.filter(({ status }) => statuses.includes(status)).map((refund) => ({ order, refund })),
    );
    return found.sort((a, b) => a.refund.at.getTime() - b.refund.at.getTime()).slice(0, query.limit);
  }

  /** Refunds whose cash waits at its counter, the longest waiting first. */
  async cashOwed(limit: number, scope: Scope): Promise<CashOwed[]> {
    const orders = await this.#init.mover.store.withCashOwed({ limit }, scope);
    const found = orders.flatMap(cashOwedOf).sort((a, b) => a.since.getTime() - b.since.getTime());
    return found.slice(0, limit);
  }

  /** Throws `order.not-found`, `request.not-found` (no such case) and the `refund` problems. */
  async request(body: RefundRequestBody, maker: AdminPrincipal, where: Where): Promise<RefundOfOrder> {
    const found = await this.#order(body.orderNo, maker.scope);
    const known = found.refunds.find(({ key }) => key === body.key);
    if (known !== undefined) return { order: found, refund: known };
    const order = await this.#asked(found);
    refuse(order, againstCompensation(order, body.fen));
    if (body.caseId !== undefined && !(await this.#init.isCase(body.caseId, order._id))) {
      throw new ProblemError({ code: 'request.not-found', message: 'There is no such case of this order.' });
    }
    const { key, fen, reason, caseId } = body;
    const data = { key, fen: fen ?? 'all', reason, caseId: caseId ?? '' };
    await this.#init.audit.record(
      byAdmin(maker, { action: 'refund.request', target: order._id, where, data }),
    );
    const now = this.#init.mover.now();
    const moved = await this.#init.mover.move(order, (current) =>
      compensationRequested(
        current,
        {
          ...{ key, fen, note: reason, requestedBy: maker.userId },
          ...(caseId === undefined ? {} : { caseId }),
        },
        now,
      ),
    );
    const refund = moved.order.refunds.find((each) => each.key === key);
    if (refund !== undefined) return { order: moved.order, refund };
    // Another request was faster: what was left is not any more.
    throw refusal(moved.order, againstCompensation(moved.order, fen));
  }

  /** Throws `refund.not-found`, `approval.same-person`, `approval.too-new`, `approval.already-decided`, and what stands against giving back. */
  async decide(
    init: { refundNo: string; accept: boolean },
    checker: AdminPrincipal,
    where: Where,
  ): Promise<RefundOfOrder> {
    const { order: found, refund } = await this.#refund(init.refundNo, checker.scope);
    if (refund.requestedBy === checker.userId) {
      throw new ProblemError({
        code: 'approval.same-person',
        message: 'You asked for this, so you cannot allow it. Ask a second person.',
      });
    }
    if (init.accept) refuseUnsettled(checker, ['refund:approve']);
    const isOpen = init.accept && refund.status === 'requested';
    const order = isOpen ? await this.#asked(found) : found;
    if (isOpen) refuse(order, againstGivingBack(order));
    const action = init.accept ? 'refund.approve' : 'refund.reject';
    await this.#init.audit.record(
      byAdmin(checker, { action, target: refund.no, where, data: { fen: refund.fen } }),
    );
    const { outcome, order: decided } = await this.#init.mover.move(order, (current) =>
      compensationDecided(current, { no: refund.no, accept: init.accept, by: checker.userId }),
    );
    if (outcome !== 'moved') {
      throw new ProblemError({
        code: 'approval.already-decided',
        message: 'This has already been decided. Read it again.',
      });
    }
    return this.#sent(decided, refund.no);
  }

  /** Sends what its channel could not give back once more, under the same number. Throws `refund.not-abnormal`. */
  async retry(refundNo: string, by: AdminPrincipal, where: Where): Promise<RefundOfOrder> {
    const { order, refund } = await this.#refund(refundNo, by.scope);
    await this.#init.audit.record(
      byAdmin(by, { action: 'refund.retry', target: refund.no, where, data: { fen: refund.fen } }),
    );
    const moved = await this.#init.mover.move(order, (current) =>
      refundRetried(current, refund.no, by.userId),
    );
    if (moved.outcome !== 'moved') {
      throw new ProblemError({
        code: 'refund.not-abnormal',
        message: 'Only a refund that its channel could not make can be sent again.',
        orderNo: order._id,
      });
    }
    return this.#sent(moved.order, refund.no);
  }

  /** What is said to be on its card may be in its meter by now, and the grid know of it. */
  async #asked(order: Order): Promise<Order> {
    if (againstGivingBack(order)?.code !== 'refund.value-on-card') return order;
    return this.#init.askMeter(order);
  }

  async #sent(order: Order, no: string): Promise<RefundOfOrder> {
    const refund = order.refunds.find((each) => each.no === no);
    if (refund === undefined) throw new Error(`Refund ${no} is gone. Refunds are never deleted.`);
    // The order is due as well: without a queue the sweeper sends it.
    if (refund.status === 'approved') {
      await this.#init.trigger.request(order._id, `refund-${order.version}`);
    }
    return { order, refund };
  }

  async #order(orderNo: string, scope: Scope): Promise<Order> {
    const order = await this.#init.mover.store.getWithin(orderNo, scope);
    if (order !== null) return order;
    throw new ProblemError({ code: 'order.not-found', message: 'There is no such order.' });
  }

  async #refund(no: string, scope: Scope): Promise<RefundOfOrder> {
    const orderNo = orderNoOf(no);
    const order = orderNo === undefined ? null : await this.#init.mover.store.getWithin(orderNo, scope);
    const refund = order?.refunds.find((each) => each.no === no);
    if (order === null || refund === undefined) {
      throw new ProblemError({ code: 'refund.not-found', message: 'There is no such refund.' });
    }
    return { order, refund };
  }
}

function refuse(order: Order, against: AgainstRefund | undefined): void {
  if (against !== undefined) throw refusal(order, against);
}

function refusal(order: Order, against: AgainstRefund | undefined): ProblemError {
  const { code, why } = against ?? {
    code: 'refund.not-final' as const,
    why: 'The order has changed since it was read. Read it again.',
  };
  return new ProblemError({ code, message: why, orderNo: order._id });
}
