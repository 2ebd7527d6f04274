import type { CaseReport } from '../model/case-sink.ts';
import type { Order } from '../model/order.ts';
import { isNewer, type MeterWord } from './meter-word.ts';

/**
 * What a meter's word says of a count whose sale was taken off a card, of which there may be copies. `free`: it was heard of since
 * and does not have it. `credited`: a copy brought it all the same. `unheard`: it may yet.
 */
export function heldCountOf(order: Order, word: MeterWord): 'free' | 'credited' | 'unheard' {
  if ((word.creditedCount ?? 0) >= order.count) return 'credited';
  // A reading from afar is of now, and so of after.
  if (word.balanceLive) return 'free';
  return word.balanceAt !== null && isNewer(word.balanceAt, order.undo?.meterSaidAt) ? 'free' : 'unheard';
}

/** A purchase whose money went back is in the meter. */
export function undoneButCredited(order: Order, word: MeterWord): CaseReport {
  const { creditedCount, soldCount } = word;
  return {
    ...{ kind: 'credited-not-written', orderNo: order._id, key: 'undo' },
    facts: { count: order.count, soldCount, claim: 'taken-off', creditedCount: creditedCount ?? 0 },
  };
}
