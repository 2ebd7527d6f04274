import type { Change } from '../orders/model/change.ts';
import {
  cashAdded,
  closingAsked,
  codeGiven,
  paymentAdded,
  lastLookTaken,
  paymentsClosed,
  paymentSucceeded,
  paymentUnknown,
} from '../orders/model/moves/payment.ts';
import {
  cashHandedOut,
  refundAccepted,
  refundEnded,
  refundNotSent,
  refundSent,
  refundUnknown,
} from '../orders/model/moves/refund.ts';
import {
  needsAttention,
  reversalRefused,
  reversalSentAgain,
  reversalUnknown,
  reversed,
  saleGivenUp,
  saleNotFound,
  saleNotSent,
  saleRejected,
  saleSold,
  saleUnknown,
  saleWithoutCredit,
  startSale,
} from '../orders/model/moves/sale.ts';
import { chosen, creditDone, creditFailed, startCredit } from '../orders/model/moves/credit.ts';
import { decided, refundedElsewhere, staffReversalSent, treatedAsSold } from '../orders/model/moves/staff.ts';
import { meterCredited, meterRefused } from '../orders/model/moves/meter.ts';
import { planReleased, writeProven } from '../orders/model/moves/write.ts';
import type { Order } from '../orders/model/order.ts';

export const POLICY = {
  paymentTtlMs: 300_000,
  leaseMs: 120_000,
  gridTimeoutMs: 10_000,
  gridHorizonMs: 60_000,
  salePatienceMs: 1_800_000,
  creditPatienceMs: 7_200_000,
  refundUnderWayMs: 1_800_000,
  booksLagMs: 60_000,
  minBackoffMs: 1000,
  maxBackoffMs: 600_000,
};
export const NOW = new Date('2026-03-01T02:00:00Z');
const HANDED_OUT = { at: NOW, by: 'u1', staff: '104817', terminalId: 'T1', slip: '000117' };
export const BY = { requestedBy: 'u1', approvedBy: 'u2', approval: 'a1' };

/** A move, tried on an order; `pick` chooses among its payments and refunds. */
type Step = (order: Order, pick: number) => Change | undefined;
const paymentOf = (order: Order, pick: number): string =>
  order.payments[pick % Math.max(1, order.payments.length)]?.no ?? '';
const refundOf = (order: Order, pick: number): string =>
  order.refunds[pick % Math.max(1, order.refunds.length)]?.no ?? '';
const success = (order: Order, pick: number, slotTaken: boolean): Change | undefined =>
  paymentSucceeded(
    order,
    {
      paymentNo: paymentOf(order, pick),
      transactionId: `42${pick}`,
      amountFen: order.paidFen,
      paidAt: NOW,
    },
    { now: NOW, by: 'channel', slotTaken },
  );
export const soldAs = (order: Order, over: { faceFen?: number; arrearsFen?: number }) => {
  const faceFen = over.faceFen ?? order.faceFen;
  const arrearsFen = over.arrearsFen ?? 0;
  return {
    saleNo: 's1',
    orderNo: order._id,
    count: order.count,
    faceFen,
    arrearsFen,
    feeFen: 10,
    creditFen: faceFen - arrearsFen - 10,
  };
};

/** Every move of the domain that touches money, and those that decide which of them may come next. */
export const STEPS: readonly Step[] = [
  (order, pick) =>
    order.payments.length < 4
      ? paymentAdded(order, { channel: pick % 2 === 0 ? 'wechat' : 'alipay', now: NOW, ttlMs: 1000 })
      : undefined,
  (order, pick) => codeGiven(order, paymentOf(order, pick), 'code'),
  (order, pick) => paymentUnknown(order, paymentOf(order, pick)),
  (order, pick) => paymentsClosed(order, [paymentOf(order, pick)], 'expired'),
  (order) => closingAsked(order, 'cancelled'),
  (order, pick) => success(order, pick, false),
  (order, pick) => success(order, pick, pick % 3 === 0),
  (order) => startSale(order, NOW),
  (order) => saleNotSent(order, order.sale.tries),
  (order) => saleUnknown(order, order.sale.tries),
  (order) => saleSold(order, soldAs(order, {}), NOW),
  (order) => saleSold(order, soldAs(order, { arrearsFen: 700 }), NOW),
  (order) => saleSold(order, soldAs(order, { faceFen: 4000 }), NOW),
  (order) => saleRejected(order, 'refused', NOW),
  (order) => saleNotFound(order, NOW),
  reversalUnknown,
  (order) => reversalSentAgain(order, NOW),
  (order) => reversed(order, NOW),
  (order) => reversalRefused(order, 'in the meter'),
  (order) => needsAttention(order, 'grid-disagrees'),
  (order) => staffReversalSent(order, { ...BY, now: NOW }),
  (order) => decided(order, { ...BY, action: 'resume' }),
  (order) => treatedAsSold(order, soldAs(order, { arrearsFen: 300 }), BY),
  (order) =>
    refundedElsewhere(
      order,
      BY,
      order.refunds.map(({ no }) => no),
    ),
  (order, pick) => refundSent(order, refundOf(order, pick), NOW),
  (order, pick) => refundNotSent(order, refundOf(order, pick)),
  (order, pick) => refundUnknown(order, refundOf(order, pick)),
  (order, pick) => refundAccepted(order, refundOf(order, pick)),
  (order, pick) => refundEnded(order, refundOf(order, pick), 'done'),
  (order, pick) => refundEnded(order, refundOf(order, pick), 'abnormal'),
  (order) => startCredit(order, NOW),
  (order) => creditFailed(order, 'offline'),
  (order) =>
    creditDone(order, {
      orderNo: order._id,
      count: order.count,
      creditFen: order.sale.creditFen ?? 0,
      balanceFen: 1,
      creditedAt: NOW.toISOString(),
    }),
  (order, pick) => chosen(order, pick % 2 === 0 ? 'card' : 'refund', NOW),
  (order) => planReleased(order, { terminalId: 'T1', until: NOW, evidenceDigest: 'e', releasedDigest: 'r' }),
  (order) => writeProven(order, 'd', NOW),
  (order) =>
    order.payments.length < 4 ? cashAdded(order, { float: 'tianshan-1', now: NOW, ttlMs: 1000 }) : undefined,
  (order, pick) => cashHandedOut(order, refundOf(order, pick), HANDED_OUT),
  (order, pick) =>
    paymentsClosed(order, [paymentOf(order, pick)], 'expired', new Map([[paymentOf(order, pick), NOW]])),
  (order, pick) => lastLookTaken(order, paymentOf(order, pick)),
  (order) => meterCredited(order, NOW),
  (order, pick) => meterRefused(order, { reason: 'full', saidAt: `2026-03-0${1 + (pick % 9)}` }, NOW),
  (order) => saleWithoutCredit(order, order.sale.tries, NOW),
  (order) => saleGivenUp(order, NOW),
];
