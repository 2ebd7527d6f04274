import { z } from 'zod';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Case } from '../../cases/case.ts';
import type { Cases } from '../../cases/cases.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { checkSuccess, paymentSucceeded, type PaymentSuccess } from '../../orders/model/moves/payment.ts';
import type { Order } from '../../orders/model/order.ts';
import { fundingOf } from '../../orders/model/state.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Trigger } from '../../adapters/queue/trigger.ts';
import type { Approval } from '../../access/store/approvals.ts';

const KIND = 'case.refund';
const content = z.strictObject({ caseId: z.string(), text: z.string() });
/** `channel/NUMBER:TRANSACTION`, as reconciliation names a payment. */
const PAYMENT_KEY = /^[a-z]+\/(?<paymentNo>\d{18}p\d{1,2}):(?<transactionId>[\w-]{1,64})$/u;

/**
 * Money that a channel took and told of in its bill alone: it came after its code was closed, or once more on a number,
 * and no notification ever came. Reconciliation makes a case of it. One person asks for it to go back, another allows it;
 * then the order has it, by the bill's evidence, and what the rules owe for such money follows by itself.
 */
export class FoundMoney {
  readonly #init: {
    readonly cases: Cases;
    readonly mover: OrderMover;
    readonly approvals: Approvals;
    readonly trigger: Trigger;
  };

  constructor(init: { cases: Cases; mover: OrderMover; approvals: Approvals; trigger: Trigger }) {
    this.#init = init;
    init.approvals.register(KIND, {
      permission: 'refund:approve',
      run: (approval) => this.#giveBack(approval),
    });
  }

  /**
   * Throws `request.not-found`, `case.resolved`, `order.not-found`, `refund.nothing-paid` where the case tells of no
   * money that its order does not have, `refund.not-final` while the order could still be bought with it.
   */
  async request(init: {
    caseId: string;
    text: string;
    maker: AdminPrincipal;
    where: Where;
  }): Promise<Approval> {
    const { caseId, text, maker, where } = init;
    const known = await this.#init.cases.get(caseId);
    if (known.status === 'resolved') {
      throw new ProblemError({
        code: 'case.resolved',
        message: 'This case is already resolved. Only notes can be added.',
      });
    }
    const order = await this.#orderOf(known);
    const against = againstFound(order, foundIn(known));
    if (against !== undefined) throw against;
    return this.#init.approvals.request({ kind: KIND, content: { caseId, text }, maker, where });
  }

  async #giveBack(approval: Approval): Promise<void> {
    const { caseId, text } = content.parse(approval.content);
    const { cases, mover, trigger } = this.#init;
    const known = await cases.get(caseId);
    const found = foundIn(known);
    const order = await this.#orderOf(known);
    // After a crash in the middle the order has it already.
    if (found === undefined || checkSuccess(order, found) !== 'known') {
      const moved = await mover.move(order, (current) => {
        const against = againstFound(current, found);
        if (against !== undefined || found === undefined) throw against ?? nothing(current);
        return paymentSucceeded(current, found, { now: mover.now(), by: 'bill', slotTaken: false });
      });
      if (moved.outcome === 'transaction-taken') throw nothing(order);
      await trigger.request(order._id, `found-${moved.order.version}`);
    }
    const { maker, checker } = approval;
    const by = checker ?? maker;
    const words = `${text} (${maker.name}, ${by.name})`;
    if (known.status === 'resolved') return;
    await cases.resolve(caseId, by, words, { twoPersons: true });
  }

  async #orderOf({ orderNo }: Case): Promise<Order> {
    const order = await this.#init.mover.store.get(orderNo);
    if (order !== null) return order;
    throw new ProblemError({ code: 'order.not-found', message: 'There is no order of this number.' });
  }
}

/** What the bill said that was taken, where a case is about that; nothing for every other case. Pure. */
function foundIn({ kind, key, facts }: Pick<Case, 'kind' | 'key' | 'facts'>): PaymentSuccess | undefined {
  if (kind !== 'CHANNEL_ONLY' && kind !== 'STATUS_DIFF') return undefined;
  const { paymentNo, transactionId } = PAYMENT_KEY.exec(key)?.groups ?? {};
  const { against, billStatus, billFen, billAt } = facts;
  if (against !== 'channel' || billStatus !== 'paid' || typeof billFen !== 'number') return undefined;
  if (paymentNo === undefined || transactionId === undefined) return undefined;
  const paidAt = new Date(String(billAt));
  return Number.isNaN(paidAt.getTime())
    ? undefined
    : { paymentNo, transactionId, amountFen: billFen, paidAt };
}

/** Why it cannot go back on this word; nothing where it can. Pure. */
function againstFound(order: Order, found: PaymentSuccess | undefined): ProblemError | undefined {
  if (found === undefined || checkSuccess(order, found) !== 'new') return nothing(order);
  if (order.closure.status === 'closed' || fundingOf(order) !== undefined) return undefined;
  return new ProblemError({
    code: 'refund.not-final',
    message: 'The order can still be paid. Wait until it has ended.',
    orderNo: order._id,
  });
}

function nothing(order: Order): ProblemError {
  return new ProblemError({
    code: 'refund.nothing-paid',
    message: 'The order already has every payment that the case names. Check the order number.',
    orderNo: order._id,
  });
}
