import type { CaseReport } from '../model/case-sink.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';
import type { MeterWord } from './meter-word.ts';
import { refusalOf } from './meter-word.ts';

/** What, if anything, the meter's word contradicts of what was claimed of this order. Pure. */
export function contradictionOf(order: Order, word: MeterWord): CaseReport | undefined {
  if (order.sale.status !== 'sold') return undefined;
  const { write, credit, count } = order;
  const lease = `write:${write.lease ?? 0}`;
  if (provesCredit(word, order)) return provenAgainst(order, word);
  if (write.status === 'written') {
    const refusal = refusalOf(order, word);
    // Without room it takes it later: the household is told when, and no person need do anything.
    if (refusal?.reason === 'other') return report(order, word, { kind: 'written-not-credited', key: lease });
    const shown = word.card?.serial === order.serial ? word.card.count : undefined;
    if (shown === undefined || shown >= count) return undefined;
    return report(order, word, { kind: 'claim-contradicted', key: lease, claim: 'written' });
  }
  if (credit.status !== 'credited' || !saysLess(word, count, credit.creditedAt)) return undefined;
  return report(order, word, { kind: 'claim-contradicted', key: 'credit', claim: 'credited' });
}

/** The meter has it: contradicts the claim that it never got there, or that it was not sent. */
function provenAgainst(order: Order, word: MeterWord): CaseReport | undefined {
  const { write, credit } = order;
  if (write.status === 'failed') {
    return report(order, word, {
      kind: 'claim-contradicted',
      key: `write:${write.lease ?? 0}`,
      claim: 'failed',
    });
  }
  // The grid moved it to an account: nobody claimed otherwise.
  if (write.status !== 'none' || credit.status === 'credited') return undefined;
  if (order.kind === 'card') return report(order, word, { kind: 'credited-not-written' });
  if (credit.status !== 'failed') return undefined;
  return report(order, word, { kind: 'claim-contradicted', key: 'credit', claim: 'credit-failed' });
}

/** The meter wrote back a lower count, by its own clock later than the claim. */
function saysLess(word: MeterWord, count: number, claimedAt: Date | undefined): boolean {
  const at = word.balanceAt === null ? Number.NaN : Date.parse(word.balanceAt);
  if (claimedAt === undefined || Number.isNaN(at) || word.creditedCount === null) return false;
  return word.creditedCount < count && at > claimedAt.getTime();
}

function report(
  order: Order,
  word: MeterWord,
  found: Pick<CaseReport, 'kind' | 'key'> & { readonly claim?: string },
): CaseReport {
  const claimedAt = order.write.at ?? order.credit.creditedAt;
  const { claim, ...which } = found;
  return {
    ...which,
    orderNo: order._id,
    facts: {
      count: order.count,
      soldCount: word.soldCount,
      ...(claim === undefined ? {} : { claim }),
      ...(word.card === undefined ? {} : { cardCount: word.card.count }),
      ...(word.creditedCount === null ? {} : { creditedCount: word.creditedCount }),
      ...(word.balanceAt === null ? {} : { meterSaidAt: word.balanceAt }),
      ...(claimedAt === undefined ? {} : { claimedAt: claimedAt.toISOString() }),
    },
  };
}
