import type { ProblemCode } from '@bianmin/purchase/api/problem';
import type { Change } from '../change.ts';
import type { Order, Payment, Refund } from '../order.ts';
import { compensationNo } from '../order-no.ts';
import { fundingOf, refundableFen } from '../state.ts';
import { undoingOf } from '../undoing.ts';

/** As many as `compensationNo` can number and every channel takes. */
const MAX_COMPENSATIONS = 20;

/** What staff ask for: money back for a purchase that stands. `fen` null: all that can still be given back. */
export interface CompensationRequest {
  readonly key: string;
  readonly fen: number | null;
  readonly note: string;
  readonly caseId?: string;
  readonly requestedBy: string;
}

/** What stands against it: a problem code and a sentence. */
export interface AgainstRefund {
  readonly code: Extract<ProblemCode, `refund.${string}`>;
  readonly why: string;
}

/**
 * Why money may not be given back on staff's word now. While an order moves, the rules give back what is owed. Once it
 * is sold, the sale must be undone first; once a plan has left for a terminal, it can only be finished; and what a card
 * may still carry is not paid back as well.
 */
export function againstCompensation(order: Order, fen: number | null): AgainstRefund | undefined {
  const funding = fundingOf(order);
  if (funding === undefined) return { code: 'refund.nothing-paid', why: 'No payment funds this order.' };
  if (order.attention !== null) {
    return { code: 'refund.not-final', why: 'The order is waiting for a decision. See its actions.' };
  }
  const unmet = againstGivingBack(order);
  if (unmet !== undefined) return unmet;
  const open = refundableFen(order, funding);
  if (open < Math.max(1, fen ?? 1)) {
    return { code: 'refund.exceeds', why: `Only ${open} fen of this payment can still be refunded.` };
  }
  if (compensationsOf(order, funding).length >= MAX_COMPENSATIONS) {
    return {
      code: 'refund.exceeds',
      why: `A payment takes at most ${MAX_COMPENSATIONS} compensations.`,
    };
  }
  return undefined;
}

/** What stands against any money back beside this purchase: it has to be in the meter. */
export function againstGivingBack(order: Order): AgainstRefund | undefined {
  switch (undoingOf(order)) {
    case 'credited':
      return undefined;
    case 'on-card':
      return {
        code: 'refund.value-on-card',
        why: 'The meter has not said that it has this purchase, so the card may still carry it. Have the card put into the meter and read again, or have the sale undone with the card; where neither can be, send the household to the grid’s counter with its card.',
      };
    case 'unfinished':
      return {
        code: 'refund.plan-released',
        why: 'The purchase may be on its card or on its way to the meter. Finish it first; until then nothing is refunded.',
      };
    case 'reverse':
      return {
        code: 'refund.reverse-first',
        why: 'The grid has sold this. Undo the sale; its refund follows by itself.',
      };
    case 'nothing':
      return {
        code: 'refund.not-final',
        why: 'The order has not ended. What is owed when it ends is refunded by itself.',
      };
  }
}

/**
 * Asked for, and its sum reserved in the same move: further requests see what is left. Nothing where something stands
 * against it, or the key has been used.
 */
export function compensationRequested(
  order: Order,
  request: CompensationRequest,
  now: Date,
): Change | undefined {
  const funding = fundingOf(order);
  if (funding === undefined || againstCompensation(order, request.fen) !== undefined) return undefined;
  if (order.refunds.some(({ key }) => key === request.key)) return undefined;
  const { fen, ...rest } = request;
  const refund: Refund = {
    ...rest,
    no: compensationNo(funding.no, compensationsOf(order, funding).length + 1),
    paymentNo: funding.no,
    fen: fen ?? refundableFen(order, funding),
    status: 'requested',
    reason: 'compensation',
    at: now,
  };
  return {
    set: { refunds: [...order.refunds, refund] },
    events: [{ name: 'refund.requested', by: request.requestedBy, data: { no: refund.no, fen: refund.fen } }],
  };
}

/**
 * Another person allows or refuses it. A refused one frees its sum. What stands against giving back is looked at once more:
 * it may have been asked for by a former version, or before the order moved.
 */
export function compensationDecided(
  order: Order,
  init: { no: string; accept: boolean; by: string },
): Change | undefined {
  const refund = order.refunds.find(({ no }) => no === init.no);
  if (refund?.status !== 'requested' || refund.requestedBy === init.by) return undefined;
  if (init.accept && againstGivingBack(order) !== undefined) return undefined;
  const status = init.accept ? ('approved' as const) : ('rejected' as const);
  return {
    set: {
      refunds: order.refunds.map((each) =>
        each === refund ? { ...each, status, approvedBy: init.by } : each,
      ),
    },
    events: [
      {
        name: `refund.${status}`,
        by: init.by,
        data: { no: refund.no, fen: refund.fen, reason: refund.reason },
      },
    ],
  };
}

/** Its channel could not: once more under its number, which pays once however often it is sent. */
export function refundRetried(order: Order, no: string, by: string): Change | undefined {
  const refund = order.refunds.find((each) => each.no === no);
  if (refund?.status !== 'abnormal') return undefined;
  const { sentAt: _, sentAgainAt: __, ...rest } = refund;
  return {
    set: {
      refunds: order.refunds.map((each) =>
        each === refund ? { ...rest, status: 'approved' as const } : each,
      ),
    },
    events: [{ name: 'refund.retried', by, data: { no, fen: refund.fen } }],
  };
}

function compensationsOf(order: Order, payment: Payment): Refund[] {
  return order.refunds.filter(
    ({ paymentNo, reason }) => paymentNo === payment.no && reason === 'compensation',
  );
}
