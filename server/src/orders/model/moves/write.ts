import { saysRefused } from '@bianmin/card/meter-card/says-refused';
import type { ClaimRequest } from '@bianmin/purchase/api/order';
import type { Change } from '../change.ts';
import type { Order } from '../order.ts';
import { inMeter, isInMeter } from './meter.ts';
import { droppedUndo, nextLease } from './plan-lease.ts';
import { isForCard, isGivenBack, isReversing } from '../state.ts';

/** A plan leaves for one terminal. Stored before the terminal has it; a card that lost its write reopens. */
export function planReleased(
  order: Order,
  init: {
    terminalId: string;
    until: Date;
    evidenceDigest: string;
    /** `imageDigest` of the card that the plan was made for. */
    releasedDigest: string;
    /** Staff let it meet the last tries. */
    lastTry?: boolean | undefined;
    /** The newest that the meter has written back, where that was asked for now. */
    meterSaidAt?: string | undefined;
  },
): Change | undefined {
  if (order.sale.status !== 'sold' || !isForCard(order) || isReversing(order)) return undefined;
  if (isGivenBack(order) || isInMeter(order)) return undefined;
  const lease = nextLease(order);
  const reopened = order.write.status === 'written';
  const meterSaidAt = init.meterSaidAt ?? order.write.meterSaidAt;
  const refused = !reopened && order.write.refused === true;
  const silent =
    !refused && (order.write.status === 'released' || (!reopened && order.write.silent === true));
  return {
    set: {
      write: {
        ...{ status: 'released', lease, terminalId: init.terminalId, leaseUntil: init.until },
        releasedDigest: init.releasedDigest,
        ...(init.lastTry === true ? { lastTry: true } : {}),
        ...(silent ? { silent } : {}),
        ...(refused ? { refused } : {}),
        ...(meterSaidAt === undefined ? {} : { meterSaidAt }),
      },
      ...droppedUndo(order),
      ...(order.meter?.status === 'refused' ? { meter: { status: 'unknown' as const } } : {}),
      // The first evidence is the meter's; later ones may be of a card that we began to write.
      sale: { ...order.sale, evidenceDigest: order.sale.evidenceDigest ?? init.evidenceDigest },
      watchers: order.watchers.includes(init.terminalId)
        ? order.watchers
        : [...order.watchers, init.terminalId],
    },
    events: [
      {
        name: reopened ? 'write.reopened' : 'write.released',
        by: 'terminal',
        data: { lease, terminalId: init.terminalId },
      },
    ],
  };
}

/** What a terminal says became of its lease. A claim, not a proof: no money moves on it. */
export function writeClaimed(
  order: Order,
  claim: ClaimRequest,
  init: { now: Date; confirmed: boolean },
): Change | undefined {
  if (order.write.status !== 'released' || order.write.lease !== claim.lease) return undefined;
  const written = claim.result === 'written';
  const { refused = saysRefused(claim), ...write } = order.write;
  return {
    set: {
      write: {
        ...write,
        status: claim.result,
        at: init.now,
        ...(refused && !written ? { refused } : {}),
        ...(claim.imageDigest === undefined ? {} : { imageDigest: claim.imageDigest }),
        ...(claim.reason === undefined ? {} : { reason: claim.reason }),
        ...(claim.triesLeft === undefined ? {} : { triesLeft: claim.triesLeft }),
        ...(written ? { confirmed: init.confirmed } : {}),
      },
    },
    events: [
      {
        name: `write.${claim.result}`,
        by: 'terminal',
        data: { lease: claim.lease, ...(claim.reason === undefined ? {} : { reason: claim.reason }) },
      },
      ...(written && init.confirmed ? [{ name: 'write.confirmed' as const, by: 'grid' }] : []),
    ],
  };
}

export function writeConfirmed(order: Order): Change | undefined {
  if (order.write.status !== 'written' || order.write.confirmed === true) return undefined;
  return {
    set: { write: { ...order.write, confirmed: true } },
    events: [{ name: 'write.confirmed', by: 'grid' }],
  };
}

/**
 * What the meter wrote back proves that it credited this count, whatever the terminal said or did not say. The
 * grid is told like of any written card.
 */
export function writeProven(order: Order, imageDigest: string, now: Date): Change | undefined {
  if (order.sale.status !== 'sold' || order.write.status === 'written') return undefined;
  const proof = inMeter(order, now);
  return {
    set: {
      ...proof.set,
      write: { ...order.write, status: 'written', at: now, imageDigest, confirmed: false },
    },
    events: [{ name: 'write.proven', by: 'meter', data: { count: order.count } }, ...proof.events],
  };
}
