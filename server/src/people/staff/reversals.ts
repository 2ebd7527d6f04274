import { z } from 'zod';
import type { Approvals, Where } from '../../access/approvals.ts';
import { WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { staffReversalSent } from '../../orders/model/moves/staff.ts';
import { undoAllowed } from '../../orders/model/moves/undo.ts';
import { undoingOf } from '../../orders/model/undoing.ts';
import type { Order } from '../../orders/model/order.ts';
import type { SaleDesk } from '../../orders/desk/sale-desk.ts';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { orderOf } from './order-of.ts';
import type { Readings } from './readings.ts';
import { againstCard, againstReversing, type Against } from './reversal-checks.ts';

const content = z.object({ orderNo: z.string(), nonce: z.string() });

export interface ReversalsInit {
  readonly mover: OrderMover;
  readonly sales: SaleDesk;
  readonly readings: Readings;
  readonly approvals: Approvals;
  readonly grid: Pick<GridGateway, 'cancelsWritten'>;
}

/**
 * Undoing a sale (冲正) whose card is here: one person asks with a reading of the card, another allows it while that
 * reading is still of now. Then the grid undoes the sale and the payment is refunded; an answer that is missing is asked
 * about like any other. One that is on its card is taken off it before that, with the card (`CardUndos`).
 */
export class Reversals {
  readonly #init: ReversalsInit;

  constructor(init: ReversalsInit) {
    this.#init = init;
    init.approvals.register('order.reverse', {
      permission: 'order:reverse',
      run: (approval) => this.#run(approval),
    });
  }

  /** Throws `order.not-found`, the `reading` and the `reversal` problems. */
  async request(
    init: { orderNo: string; nonce: string; reason: string },
    maker: AdminPrincipal,
    where: Where,
  ): Promise<Approval> {
    const order = await this.#checked(init.orderNo, init.nonce, maker.scope);
    return this.#init.approvals.request({
      kind: 'order.reverse',
      content: {
        ...{ ...init, faceFen: order.faceFen, paidFen: order.paidFen, count: order.count },
        goodUntil: await this.#init.readings.goodUntil(init.nonce),
      },
      orgPath: order.orgPath,
      maker,
      where,
    });
  }

  async #run(approval: Approval): Promise<void> {
    const { orderNo, nonce } = content.parse(approval.content);
    const known = await orderOf(this.#init.mover.store, orderNo, WHOLE_PROVINCE);
    // Carried out before a crash: from there on the order moves by itself, or with its card.
    if (known.reversal.approval === approval._id || known.undo?.approval === approval._id) return;
    const order = await this.#checked(orderNo, nonce, WHOLE_PROVINCE);
    const { mover, sales } = this.#init;
    const init = { now: mover.now(), ...personsOf(approval) };
    const sent = await mover.move(order, (current) => {
      if (this.#against(current) !== undefined) return undefined;
      return undoingOf(current) === 'on-card' ? undoAllowed(current, init) : staffReversalSent(current, init);
    });
    if (sent.outcome !== 'moved') throw refusal(sent.order, this.#against(sent.order));
    if (sent.order.reversal.status !== 'sent') return;
    const after = await sales.reverse(sent.order);
    if (after.reversal.status === 'refused') throw refusedByGrid(after);
  }

  #against(order: Order): Against | undefined {
    return againstReversing(order, this.#init.mover.now(), this.#init.grid.cancelsWritten);
  }

  async #checked(orderNo: string, nonce: string, scope: Scope): Promise<Order> {
    const { mover, readings } = this.#init;
    const order = await orderOf(mover.store, orderNo, scope);
    const against = this.#against(order);
    if (against !== undefined) throw refusal(order, against);
    const shown = againstCard(order, await readings.good(nonce, orderNo));
    if (shown !== undefined) throw refusal(order, shown);
    return order;
  }
}

/** Who asked and who allowed, and under which decision. */
export function personsOf(approval: Approval): { requestedBy: string; approvedBy: string; approval: string } {
  return { requestedBy: approval.maker.id, approvedBy: approval.checker?.id ?? '', approval: approval._id };
}

export function refusedByGrid(order: Order): ProblemError {
  return new ProblemError({
    code: 'reversal.refused',
    message: `The grid refused to undo the sale: ${order.reversal.reason ?? 'without a reason'}.`,
    orderNo: order._id,
  });
}

function refusal(order: Order, against: Against | undefined): ProblemError {
  const { code, why } = against ?? { code: 'reversal.not-sold', why: 'There is no longer a sale to undo.' };
  return new ProblemError({ code, message: why, orderNo: order._id });
}
