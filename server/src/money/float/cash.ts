import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { CashOffer, CashOfferRequest, CashReceipt, TakeCashRequest } from '@bianmin/purchase/api/float';
import type { OrderMover } from '../../orders/desk/mover.ts';
import { cashAdded, refuseUnlessPayable } from '../../orders/model/moves/payment.ts';
import type { Order, Payment } from '../../orders/model/order.ts';
import type { PaymentClosing } from '../../orders/desk/payment-closing.ts';
import type { PaymentReceiving } from '../../orders/desk/payment-receiving.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import { fundingOf, isLive } from '../../orders/model/state.ts';
import { inNotes } from '../../kernel/cash.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { covers, scopeOf } from '../../kernel/scope.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import type { FloatDesk } from './desk.ts';
import { refusalOf, takenOn, type CommitteeFloat, type FloatRefusal } from './float.ts';
import type { FloatStore } from './float-store.ts';
import type { CashOffers } from './offers.ts';
import type { StaffPins } from './pins.ts';
import { shiftOf } from './shift.ts';
import { pinNeeded, sessionOver, type ShiftTickets } from './shift-tickets.ts';
import { noShift } from './shifts.ts';

export interface CashInit {
  readonly mover: OrderMover;
  readonly receiving: PaymentReceiving;
  readonly closing: PaymentClosing;
  readonly store: Pick<FloatStore, 'get' | 'byTerminal'>;
  readonly desk: FloatDesk;
  readonly pins: Pick<StaffPins, 'check'>;
  readonly offers: Pick<CashOffers, 'issue' | 'find'>;
  readonly tickets: Pick<ShiftTickets, 'use' | 'renew' | 'pin'>;
  readonly users: Pick<UserStore, 'get' | 'permissionsOf'>;
  readonly receipts: ReceiptCodes;
  readonly audit: Pick<AuditTrail, 'record'>;
}

/** Where cash is to be taken, and who says that they take it. */
export type Offering = CashOfferRequest & {
  readonly terminalId: string;
  /** The terminal's. */
  readonly orgPath?: readonly string[];
};

/** Who takes cash. */
interface Taker {
  readonly staff: User;
  /** In whose shift it comes; absent: none's, at a terminal of the version before. */
  readonly shift?: string;
}

/**
 * Cash from a payer without a phone. Staff take it and say who they are by their shift's ticket, or name and PIN; their committee's
 * float pays for the order. The payment is stored first, like any other, then the float is debited under its number, then the order
 * has it and is sold: after a crash in between, the float is asked what became of it.
 */
export class CashDesk {
  readonly #init: CashInit;

  constructor(init: CashInit) {
    this.#init = init;
  }

  /**
   * What staff should know before they take the cash, and a ticket that stands for their PIN until they have it. Throws
   * what `take` throws, so that no money is counted that would be refused; and `staff.session-over`, `staff.pin-needed`.
   */
  async offer(order: Order, init: Offering, where: Where): Promise<CashOffer> {
    const { mover, offers } = this.#init;
    const { terminalId } = init;
    const { staff, shift } = await this.#offering(order, init, where);
    const now = mover.now();
    refuseUnlessPayable(order, now);
    const float = await this.#floatAt(terminalId);
    if (shift !== undefined && shiftOf(float, shift) === undefined) throw noShift();
    const refused = refusalOf(float, order.paidFen, now);
    if (refused !== undefined) throw refusal(refused, order);
    return {
      ticket: await offers.issue({ staff: staff._id, terminalId, orderNo: order._id, ...inShift(shift) }),
      ...{
        committee: float.name,
        staff: staff.name,
        takeFen: inNotes(order.paidFen),
        balanceFen: float.balanceFen,
      },
      leftTodayFen: Math.max(0, float.dayLimitFen - takenOn(float, now)),
    };
  }

  /**
   * Repeating it changes nothing. Throws `float.bad-pin`, `float.offer-stale`, `auth.forbidden`, `float.none`, `float.frozen`,
   * `float.empty`, `float.day-limit`, `shift.none`, `order.closed`, `order.already-paid`.
   */
  async take(order: Order, init: { terminalId: string; by: TakeCashRequest }, where: Where): Promise<Order> {
    const { mover, audit } = this.#init;
    const taker = await this.#takerOf(order, init, where);
    const staff = await this.#allowed(taker.staff);
    const funding = fundingOf(order);
    if (funding?.channel === 'cash') return order;
    const float = await this.#floatAt(init.terminalId);
    const times = { now: mover.now(), ttlMs: mover.policy.paymentTtlMs };
    refuseUnlessPayable(order, times.now);
    const data = { float: float._id, fen: order.paidFen, terminalId: init.terminalId };
    await audit.record(
      byAdmin({ userId: staff._id }, { action: 'float.take-cash', target: order._id, where, data }),
    );
    const { order: current } = await mover.move(order, (newer) => {
      refuseUnlessPayable(newer, times.now);
      if (openCash(newer, times.now) !== undefined) return undefined;
      return cashAdded(newer, { float: float._id, ...times });
    });
    const payment = openCash(current, times.now);
    if (payment === undefined) throw new Error(`A cash payment of ${order._id} was stored and is not there.`);
    return this.#debit(current, payment, taker);
  }

  async #debit(order: Order, payment: Payment, { staff, shift }: Taker): Promise<Order> {
    const { desk, receiving, closing } = this.#init;
    const taken = await desk.take(payment.float ?? '', {
      ...{ paymentNo: payment.no, orderNo: order._id, fen: payment.amountFen, by: staff._id },
      ...inShift(shift),
    });
    if (typeof taken === 'string' || taken.kind !== 'taken') {
      // Nothing was taken, and under this number nothing will be.
      await closing.closePayments(order, [payment], undefined);
      throw refusal(typeof taken === 'string' ? taken : undefined, order);
    }
    const success = {
      paymentNo: payment.no,
      transactionId: taken._id,
      amountFen: taken.fen,
      paidAt: taken.at,
    };
    return receiving.received(order, success, 'query');
  }

  async #offering(order: Order, by: Offering, where: Where): Promise<Taker> {
    const { pins, tickets } = this.#init;
    const { terminalId, pin } = by;
    if ('staff' in by) {
      return { staff: await this.#allowed(await pins.check(by.staff, by.pin, { terminalId, where })) };
    }
    const shown = { terminalId, ticket: by.shift };
    const holder = pin === undefined ? await tickets.use(shown) : await tickets.renew(shown, pin, where);
    if (holder === null) throw sessionOver();
    const { staff, shift } = holder;
    await this.#allowed(staff);
    if (!covers(scopeOf(staff.scope), by.orgPath)) throw elsewhere();
    if (shift === null) throw noShift();
    if (pin === undefined && order.paidFen > tickets.pin.aboveFen) throw pinNeeded();
    return { staff, shift: shift.id };
  }

  async #takerOf(
    order: Order,
    { terminalId, by }: { terminalId: string; by: TakeCashRequest },
    where: Where,
  ): Promise<Taker> {
    const { pins, offers, users } = this.#init;
    if ('pin' in by) return { staff: await pins.check(by.staff, by.pin, { terminalId, where }) };
    const offer = await offers.find(by.ticket);
    const isForThis = offer?.orderNo === order._id && offer.terminalId === terminalId;
    const user = isForThis ? await users.get(offer.staff) : null;
    if (user?.status === 'active') return { staff: user, ...inShift(offer?.shift) };
    throw new ProblemError({
      code: 'float.offer-stale',
      message: 'The offer has expired, or is for something else. Enter name and PIN again.',
      orderNo: order._id,
    });
  }

  async #floatAt(terminalId: string): Promise<CommitteeFloat> {
    const float = await this.#init.store.byTerminal(terminalId);
    if (float !== null) return float;
    throw new ProblemError({
      code: 'float.none',
      message: 'No committee accepts cash at this terminal. Pay with a phone.',
    });
  }

  async #allowed(user: User): Promise<User> {
    if ((await this.#init.users.permissionsOf(user.roles)).has('float:use')) return user;
    throw new ProblemError({
      code: 'auth.forbidden',
      message: 'This needs the permission float:use. Ask an administrator for it.',
    });
  }

  /** What to write on paper, or undefined where no cash was taken. */
  async receipt(order: Order): Promise<CashReceipt | undefined> {
    const payment = order.payments.find(
      ({ channel, status }) => channel === 'cash' && status === 'succeeded',
    );
    if (payment === undefined || payment.float === undefined) return undefined;
    const { desk, store, users, receipts } = this.#init;
    const [entry, float] = await Promise.all([
      desk.find(payment.float, payment.no),
      store.get(payment.float),
    ]);
    const staff = entry === null ? null : await users.get(entry.by);
    const back = order.refunds.filter(
      ({ paymentNo, status, handOut }) =>
        paymentNo === payment.no &&
        !['rejected', 'requested'].includes(status) &&
        handOut?.status !== 'handed-out',
    );
    return {
      orderNo: order._id,
      receiptCode: receipts.codeOf(order._id),
      committee: float?.name ?? payment.float,
      staff: staff?.name ?? '',
      takenFen: inNotes(payment.amountFen),
      takenAt: (payment.paidAt ?? payment.createdAt).toISOString(),
      handBackFen: back.reduce((sum, { fen }) => sum + inNotes(fen), 0),
    };
  }
}

function inShift(shift: string | undefined): Pick<Taker, 'shift'> {
  return shift === undefined ? {} : { shift };
}

function elsewhere(): ProblemError {
  return new ProblemError({
    code: 'auth.forbidden',
    message: 'This needs an organisation that has this terminal. Ask an administrator.',
  });
}

function openCash(order: Order, now: Date): Payment | undefined {
  return order.payments.find((each) => each.channel === 'cash' && isLive(each) && each.expiresAt > now);
}

function refusal(code: FloatRefusal | undefined, order: Order): ProblemError {
  if (code === undefined) {
    return new ProblemError({
      code: 'order.closed',
      message: 'This attempt to pay was given up. Try again.',
      orderNo: order._id,
    });
  }
  return new ProblemError({ code, message: REFUSALS[code], orderNo: order._id });
}

const REFUSALS: Readonly<Record<FloatRefusal, string>> = {
  'float.frozen': "The committee's float is frozen. Ask finance, or pay with a phone.",
  'float.empty': "The committee's float does not cover this. Have it topped up, or pay with a phone.",
  'float.day-limit':
    "The committee's float has paid what it may in one day. Pay with a phone, or wait until tomorrow.",
  'shift.none': 'This shift was closed. Nothing was taken: hand the cash back, and sign in again.',
};
