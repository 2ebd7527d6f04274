import type { HandOutView } from '@bianmin/purchase/api/hand-out';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { floatOf, type CashOwed } from '../../orders/model/cash-owed.ts';
import type { OrderMover } from '../../orders/desk/mover.ts';
import type { HandedOut, Order, Refund } from '../../orders/model/order.ts';
import { orderNoOf } from '../../orders/model/order-no.ts';
import { inNotes } from '../../kernel/cash.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { User } from '../../access/store/users.ts';
import type { FloatDesk } from './desk.ts';
import type { FloatStore } from './float-store.ts';
import type { HandOutFollower } from './hand-out-follower.ts';
import type { StaffPins } from './pins.ts';
import { noShift } from './shifts.ts';
import { waitingCash } from './waiting-cash.ts';

export interface HandOutsInit {
  readonly mover: OrderMover;
  readonly store: FloatStore;
  readonly desk: FloatDesk;
  readonly follower: HandOutFollower;
  readonly pins: Pick<StaffPins, 'numberOf'>;
  readonly audit: AuditTrail;
}

/** Who hands cash out, at which terminal, and out of whose drawer; `shift` absent: at a terminal of the version before. */
export interface HandedOutBy {
  readonly terminalId: string;
  readonly staff: User;
  readonly shift?: string;
}

/**
 * Cash that goes back to households over the counter (退款付出). A refund of cash is done when the float has the money back;
 * that its household has the notes in hand is a fact of its own. It is written into the float's entries first, under the refund's
 * number and with the number of the slip, so that one of many wins; the order has it from there.
 */
export class HandOuts {
  readonly #init: HandOutsInit;

  constructor(init: HandOutsInit) {
    this.#init = init;
  }

  /** What waits at the counters of a terminal's float, the oldest order first. Throws `float.none`. */
  async owedAt(terminalId: string): Promise<CashOwed[]> {
    return this.owedOf(await this.#floatAt(terminalId));
  }

  /** What waits at the counters of one float. */
  async owedOf(float: string): Promise<CashOwed[]> {
    const found: CashOwed[] = [];
    for await (const owed of waitingCash(this.#init.mover.store, float)) found.push(owed);
    return found;
  }

  /**
   * Staff hand out a refund's cash: to be called before the notes go over the counter. With the slip of before it is what was
   * before. Throws `float.none`, `refund.not-found`, `refund.no-cash-owed`, `refund.handed-out` with who did it and when, and
   * `refund.slip-used`, `shift.none`.
   */
  async handOut(
    { refundNo, slip }: { readonly refundNo: string; readonly slip: string },
    { terminalId, staff, shift }: HandedOutBy,
    where: Where,
  ): Promise<HandOutView> {
    const float = await this.#floatAt(terminalId);
    const { order, refund } = await this.#refundOf(refundNo, float);
    if (refund.handOut === undefined) {
      throw new ProblemError({
        code: 'refund.no-cash-owed',
        message:
          'The float does not have this money back yet, or the payer got it in another way. Hand nothing out.',
        orderNo: order._id,
      });
    }
    if (refund.handOut.status === 'handed-out') return sameSlip(handOutView(refund, refund.handOut), slip);
    const { desk, follower, pins, audit } = this.#init;
    const data = { float, fen: refund.fen, slip, terminalId };
    await audit.record(
      byAdmin({ userId: staff._id }, { action: 'float.hand-out', target: refund.no, where, data }),
    );
    const written = await desk.handOut(float, {
      ...{ refundNo: refund.no, orderNo: order._id, fen: refund.fen, slip, terminalId },
      ...{ by: staff._id, staff: (await pins.numberOf(staff._id)) ?? staff.name },
      ...(shift === undefined ? {} : { shift }),
    });
    if (written === 'shift.none') throw noShift();
    if (written === 'slip-used') {
      throw new ProblemError({
        code: 'refund.slip-used',
        message: 'This slip belongs to another refund. Take the next slip.',
        orderNo: order._id,
      });
    }
    await follower.follow({ order, refund }, written);
    return sameSlip(handOutView(refund, written), slip);
  }

  async #refundOf(refundNo: string, float: string): Promise<{ order: Order; refund: Refund }> {
    const orderNo = orderNoOf(refundNo);
    const order = orderNo === undefined ? null : await this.#init.mover.store.get(orderNo);
    const refund = order?.refunds.find(({ no }) => no === refundNo);
    if (order !== null && refund !== undefined && floatOf(order, refund) === float) return { order, refund };
    throw new ProblemError({
      code: 'refund.not-found',
      message: 'There is no such refund of cash that this committee took.',
    });
  }

  async #floatAt(terminalId: string): Promise<string> {
    const float = await this.#init.store.byTerminal(terminalId);
    if (float !== null) return float._id;
    throw new ProblemError({ code: 'float.none', message: 'No committee accepts cash at this terminal.' });
  }
}

/** What is there, told to a caller with its slip; to any other as the reason why not. */
function sameSlip(there: HandOutView, slip: string): HandOutView {
  if (there.slip === slip) return there;
  throw new ProblemError({
    code: 'refund.handed-out',
    message: `This cash was handed out by ${there.staff} at ${there.at}, slip ${there.slip}. Hand nothing out.`,
    orderNo: there.orderNo,
    present: there,
  });
}

function handOutView({ no, fen }: Refund, { slip, staff, terminalId, at }: HandedOut): HandOutView {
  const orderNo = orderNoOf(no) ?? '';
  return { refundNo: no, orderNo, fen: inNotes(fen), slip, staff, terminalId, at: at.toISOString() };
}
