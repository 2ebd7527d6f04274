import type { ChipName } from '@bianmin/card/chip/contract';
import type { Change } from '../change.ts';
import type { Order } from '../order.ts';
import { fundingOf, fundingRefundOf, isReversing } from '../state.ts';
import { keptByAccount, ownSlotOf, soldEvent } from './sale.ts';
import { droppedUndo, nextLease } from './plan-lease.ts';

/** Two persons, who asked and who allowed (user ids), and the id of their decision. */
export interface TwoPersons {
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly approval: string;
}

/** Whether a plan ever left for a terminal: then the sale may be on the card, whatever was claimed. */
export function wasReleased(order: Pick<Order, 'write'>): boolean {
  return order.write.lease !== undefined || order.write.status !== 'none';
}

/**
 * Stored before the grid hears of it. From here it is an order like any other: the reversal is asked about until it is
 * known, and only its success makes the refund owed. `approval` is the decision's id: carried out twice, it is sent once.
 */
export function staffReversalSent(order: Order, init: TwoPersons & { now: Date }): Change | undefined {
  const { sale, reversal } = order;
  const sold = sale.status === 'sold' || sale.status === 'unknown' || sale.status === 'sent';
  if (!sold || wasReleased(order) || isReversing(order) || reversal.status === 'reversed') return undefined;
  if (fundingOf(order) === undefined || fundingRefundOf(order) !== undefined) return undefined;
  // What may have reached the meter from afar is not undone on anybody's word here.
  if (order.credit.status !== 'none' && order.credit.status !== 'failed') return undefined;
  const { now, ...persons } = init;
  return {
    set: {
      reversal: {
        status: 'sent',
        sentAt: now,
        reason: 'staff',
        ...persons,
        ...(order.attention === null ? {} : { was: order.attention }),
      },
      attention: null,
    },
    events: [
      {
        name: 'order.decided',
        by: init.approvedBy,
        data: { action: 'reverse', requestedBy: init.requestedBy, approval: init.approval },
      },
      { name: 'reversal.sent', by: 'system' },
    ],
  };
}

/** A person's decision that takes an order out of attention, as it stands. */
export function decided(
  order: Order,
  init: TwoPersons & { action: string },
  set: Change['set'] = {},
): Change | undefined {
  if (order.attention === null) return undefined;
  return {
    set: { ...set, attention: null },
    events: [
      {
        name: 'order.decided',
        by: init.approvedBy,
        data: {
          action: init.action,
          was: order.attention,
          requestedBy: init.requestedBy,
          approval: init.approval,
        },
      },
    ],
  };
}

/** What the grid, asked again, says that it sold. */
export interface SoldNow {
  readonly saleNo: string;
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
}

/**
 * The grid holds the sale, so it is sold: also one that we had given up, as long as its money is still here. A card that
 * is written counts as told: the grid was asked and would not hear of it.
 */
export function treatedAsSold(order: Order, sold: SoldNow, by: TwoPersons): Change | undefined {
  const refund = fundingRefundOf(order);
  // What is not paid for does not stand.
  if (fundingOf(order) === undefined) return undefined;
  if (refund !== undefined && (refund.status !== 'approved' || refund.sentAt !== undefined)) return undefined;
  const { reason: _, ...sale } = order.sale;
  const written = order.write.status === 'written';
  const credited = keptByAccount({ ...order, sale: { ...sale, status: 'sold', ...sold } });
  const change = decided(
    order,
    { ...by, action: 'treat-as-sold' },
    {
      sale: { ...sale, status: 'sold', ...sold },
      saleSlot: ownSlotOf(order),
      ...credited?.set,
      ...(order.reversal.status === 'none' ? {} : { reversal: { status: 'none' } }),
      // The sale stands, so a refund that was chosen is not to be had: what is left is the card.
      ...(order.fallback === 'refund' ? { fallback: 'card' as const } : {}),
      ...(written ? { write: { ...order.write, confirmed: true } } : {}),
      ...(refund === undefined
        ? {}
        : {
            refunds: order.refunds.map((each) =>
              each === refund ? { ...each, status: 'rejected' as const } : each,
            ),
          }),
    },
  );
  if (change === undefined) return undefined;
  return {
    set: change.set,
    events: [
      ...(refund === undefined
        ? []
        : [
            { name: 'refund.rejected' as const, by: by.approvedBy, data: { no: refund.no, fen: refund.fen } },
          ]),
      soldEvent(sold, order.count),
      ...(credited?.events ?? []),
      ...change.events,
    ],
  };
}

/** Money that its channel cannot give back was given back by other means: of these refunds. */
export function refundedElsewhere(order: Order, by: TwoPersons, nos: readonly string[]): Change | undefined {
  const abnormal = order.refunds.filter(({ no, status }) => status === 'abnormal' && nos.includes(no));
  if (abnormal.length === 0) return undefined;
  return {
    set: {
      refunds: order.refunds.map((each) =>
        abnormal.includes(each)
          ? { ...each, status: 'done', requestedBy: by.requestedBy, approvedBy: by.approvedBy }
          : each,
      ),
    },
    events: abnormal.map(({ no, fen }) => ({
      name: 'refund.elsewhere',
      by: by.approvedBy,
      data: { no, fen, requestedBy: by.requestedBy, approval: by.approval },
    })),
  };
}

/**
 * The grid issued another card for this order's meter and put the order's sale into its plan: the order follows, and its
 * write is released to the terminal that has the new card. Without a sale to put on a card: nothing.
 */
export function followsCard(
  order: Order,
  init: {
    requestNo: string;
    chip: ChipName;
    serial: string;
    imageDigest: string;
    terminalId: string;
    until: Date;
  },
): Change | undefined {
  if (order.sale.status !== 'sold' || isReversing(order)) return undefined;
  const { requestNo, chip, serial, imageDigest, terminalId, until } = init;
  const lease = nextLease(order);
  const moved = order.serial !== serial;
  return {
    set: {
      ...(moved ? { chip, serial, imageDigest } : {}),
      ...droppedUndo(order),
      write: { status: 'released', lease, terminalId, leaseUntil: until, releasedDigest: imageDigest },
      watchers: order.watchers.includes(terminalId) ? order.watchers : [...order.watchers, terminalId],
    },
    events: [
      ...(moved ? [{ name: 'card.replaced' as const, by: 'staff', data: { requestNo } }] : []),
      { name: 'write.released', by: 'staff', data: { lease, terminalId, requestNo } },
    ],
  };
}
