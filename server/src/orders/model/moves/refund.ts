import type { Change } from '../change.ts';
import type { HandedOut, HandOut, Order, Payment, Refund } from '../order.ts';
import type { OrderEventName } from '../order-events.ts';
import { refundNo, type OwedReason } from '../order-no.ts';
import { refundableFen } from '../state.ts';

/**
 * Money that we owe by rule: approved at once, no person needs to. Whether it is owed is decided by the moves that call this: a
 * second or late payment (`payment.ts`), a sale that was not made or was undone (`sale.ts`). What staff give back:
 * `money/refunds/requests.ts`. The number follows from the payment and the
 * reason, and one payment is owed back once, whatever the reason.
 */
export function owe(order: Order, payment: Payment, reason: OwedReason, now: Date): Change | undefined {
  const owed = order.refunds.some(
    (each) => each.paymentNo === payment.no && each.status !== 'rejected' && each.reason !== 'compensation',
  );
  const fen = refundableFen(order, payment);
  if (owed || fen <= 0) return undefined;
  // What two persons undid is refunded on their word.
  const by: Partial<Order['reversal']> = reason === 'requested' ? order.reversal : {};
  const refund: Refund = {
    no: refundNo(payment.no, reason),
    paymentNo: payment.no,
    fen,
    status: 'approved',
    reason,
    requestedBy: by.requestedBy ?? 'system',
    approvedBy: by.approvedBy ?? 'system',
    at: now,
  };
  return {
    set: { refunds: [...order.refunds, refund] },
    events: [
      {
        name: 'refund.approved',
        by: by.approvedBy ?? 'system',
        data: { no: refund.no, fen: refund.fen, reason },
      },
    ],
  };
}

/** Stored before the channel hears of it. */
export function refundSent(order: Order, no: string, now: Date): Change | undefined {
  return patch(order, no, { from: ['approved'], to: { status: 'sent', sentAt: now }, name: 'refund.sent' });
}

/** When it was sent, or sent again. */
export function lastSentAt({
  sentAt,
  sentAgainAt = sentAt,
}: Pick<Refund, 'sentAt' | 'sentAgainAt'>): Date | undefined {
  return sentAgainAt;
}

/** Stored before it is sent once more under its number, because the channel says that it never heard of it. */
export function refundSentAgain(order: Order, no: string, now: Date): Change | undefined {
  return patch(order, no, {
    from: ['sent', 'unknown'],
    to: { sentAgainAt: now },
    name: 'refund.sent',
  });
}

/** It provably never left: it may be sent again, later. */
export function refundNotSent(order: Order, no: string): Change | undefined {
  return patch(order, no, { from: ['sent'], to: { status: 'approved' }, name: 'refund.not-sent' });
}

/** Also where another sending has failed meanwhile: this one may have been carried out. */
export function refundUnknown(order: Order, no: string): Change | undefined {
  return patch(order, no, {
    from: ['sent', 'abnormal'],
    to: { status: 'unknown' },
    name: 'refund.unknown',
  });
}

/** The channel has it and works on it, perhaps although another sending has failed. */
export function refundAccepted(order: Order, no: string): Change | undefined {
  return patch(order, no, {
    from: ['unknown', 'abnormal'],
    to: { status: 'sent' },
    name: 'refund.accepted',
  });
}

export function refundEnded(order: Order, no: string, status: 'done' | 'abnormal'): Change | undefined {
  const from: Refund['status'][] =
    status === 'done' ? ['sent', 'unknown', 'abnormal', 'approved'] : ['sent', 'unknown', 'approved'];
  const owed: Partial<Refund> = status === 'done' && isCash(order, no) ? { handOut: { status: 'owed' } } : {};
  return patch(order, no, { from, to: { status, ...owed }, name: `refund.${status}` });
}

/** The household has its cash. Nothing where none is owed. */
export function cashHandedOut(order: Order, no: string, { by, ...given }: HandedOut): Change | undefined {
  const refund = order.refunds.find((each) => each.no === no);
  if (refund?.handOut?.status !== 'owed') return undefined;
  const handOut: HandOut = { status: 'handed-out', by, ...given };
  const { slip, terminalId } = given;
  return {
    set: { refunds: order.refunds.map((each) => (each === refund ? { ...each, handOut } : each)) },
    events: [{ name: 'refund.handed-out', by, data: { no, fen: refund.fen, slip, terminalId } }],
  };
}

function isCash(order: Order, no: string): boolean {
  const paymentNo = order.refunds.find((each) => each.no === no)?.paymentNo;
  return order.payments.find((each) => each.no === paymentNo)?.channel === 'cash';
}

/** What a channel's notification says became of a refund. */
export interface RefundReport {
  readonly refundNo: string;
  readonly status: 'done' | 'abnormal' | 'closed';
  readonly refundFen?: number | undefined;
}

/**
 * What a channel's notification says of a refund; of another sum than ours, it is not the one that we asked for. That it
 * failed is about the time that it was sent before: notifications are heard at every look, and one from before it was sent
 * once more says nothing of that. Nothing where nothing is new.
 */
export function refundTold(order: Order, told: RefundReport, receivedAt: Date): Change | undefined {
  const refund = order.refunds.find((each) => each.no === told.refundNo);
  if (refund === undefined) return undefined;
  const { fen } = refund;
  const sentAt = lastSentAt(refund);
  if (told.status === 'done' && (told.refundFen ?? fen) === fen) return refundEnded(order, refund.no, 'done');
  if (sentAt === undefined || receivedAt <= sentAt) return undefined;
  return refundEnded(order, refund.no, 'abnormal');
}

function patch(
  order: Order,
  no: string,
  move: { from: readonly Refund['status'][]; to: Partial<Refund>; name: OrderEventName },
): Change | undefined {
  const old = order.refunds.find((each) => each.no === no);
  if (old === undefined || !move.from.includes(old.status)) return undefined;
  return {
    set: { refunds: order.refunds.map((each) => (each === old ? { ...each, ...move.to } : each)) },
    events: [{ name: move.name, by: 'channel', data: { no, fen: old.fen } }],
  };
}
