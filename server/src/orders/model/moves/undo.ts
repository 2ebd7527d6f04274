import type { ClaimRequest } from '@bianmin/purchase/api/order';
import type { Change } from '../change.ts';
import type { Order, Undo } from '../order.ts';
import { fundingRefundOf } from '../state.ts';
import { undoingOf } from '../undoing.ts';
import { inMeter, isInMeter } from './meter.ts';
import { nextLease } from './plan-lease.ts';
import type { TwoPersons } from './staff.ts';

/** Whether its sale may be taken off its card now, on the word of two. */
export function mayTakeOff(order: Order): boolean {
  return order.undo?.status === 'allowed' || order.undo?.status === 'released';
}

/** Two persons decided that a sale be taken off its card. Nothing moves yet. The same decision is carried out once. */
export function undoAllowed(order: Order, init: TwoPersons & { now: Date }): Change | undefined {
  if (undoingOf(order) !== 'on-card' || order.attention !== null) return undefined;
  if (fundingRefundOf(order) !== undefined || order.undo?.approval === init.approval) return undefined;
  const { now: at, requestedBy, approvedBy, approval } = init;
  const lease = order.undo?.lease;
  const undo: Undo = {
    ...{ status: 'allowed', at, requestedBy, approvedBy, approval },
    ...(lease === undefined ? {} : { lease }),
  };
  return {
    set: { undo },
    events: [{ name: 'undo.allowed', by: approvedBy, data: { requestedBy, approval } }],
  };
}

/** The plan that takes it off leaves for one terminal. Stored before the terminal has it. */
export function undoReleased(
  order: Order,
  init: { terminalId: string; until: Date; releasedDigest: string; meterSaidAt: string | undefined },
): Change | undefined {
  const { undo } = order;
  if (undo === undefined || !mayTakeOff(order) || undoingOf(order) !== 'on-card') return undefined;
  const { terminalId, until: leaseUntil, releasedDigest, meterSaidAt } = init;
  const lease = nextLease(order);
  const { watchers } = order;
  return {
    set: {
      undo: {
        ...undo,
        ...{ status: 'released', lease, terminalId, leaseUntil, releasedDigest },
        ...(meterSaidAt === undefined ? {} : { meterSaidAt }),
      },
      watchers: watchers.includes(terminalId) ? watchers : [...watchers, terminalId],
    },
    events: [{ name: 'undo.released', by: 'terminal', data: { lease, terminalId } }],
  };
}

/**
 * What the terminal says became of it. Read back without the sale, its grid is asked to undo it, in the same move: should
 * that be refused, the sale stands, its card lacks it, and its write is to be had again.
 */
export function undoClaimed(order: Order, claim: ClaimRequest, now: Date): Change | undefined {
  const { undo } = order;
  if (undo?.status !== 'released' || undo.lease !== claim.lease || undoingOf(order) !== 'on-card')
    return undefined;
  const data = {
    lease: claim.lease,
    ...(claim.reason === undefined ? {} : { reason: claim.reason }),
    ...(claim.triesLeft === undefined ? {} : { triesLeft: claim.triesLeft }),
  };
  if (claim.result === 'failed') {
    const { leaseUntil: _, ...rest } = undo;
    return {
      set: { undo: { ...rest, status: 'allowed' } },
      events: [{ name: 'undo.failed', by: 'terminal', data }],
    };
  }
  const { requestedBy, approvedBy, approval } = undo;
  const { imageDigest = '' } = claim;
  return {
    set: {
      undo: { ...undo, status: 'off', imageDigest },
      write: { ...order.write, status: 'failed', at: now, reason: 'taken-off' },
      ...(order.meter?.status === 'refused' ? { meter: { status: 'unknown' as const } } : {}),
      reversal: { status: 'sent', sentAt: now, reason: 'taken-off', requestedBy, approvedBy, approval },
    },
    events: [
      { name: 'undo.off', by: 'terminal', data },
      { name: 'reversal.sent', by: 'system' },
    ],
  };
}

/** Undone by taking it off a card, of which there may be copies: its count stays taken. */
export function holdsCount(order: Order): boolean {
  return order.undo?.status === 'off' && order.reversal.status === 'reversed' && order.saleSlot !== null;
}

/** A copy of the card brought it to the meter all the same: its count is never sold again by us. */
export function countBrought(order: Order, now: Date): Change | undefined {
  return holdsCount(order) && !isInMeter(order) ? inMeter(order, now) : undefined;
}

/** The meter wrote back since that it does not have the count: it may be sold again. */
export function countFreed(order: Order): Change | undefined {
  if (!holdsCount(order) || isInMeter(order)) return undefined;
  return {
    set: { saleSlot: null },
    events: [{ name: 'undo.freed', by: 'meter', data: { count: order.count } }],
  };
}
