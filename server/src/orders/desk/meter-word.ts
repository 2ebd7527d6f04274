import type { CardImage } from '@bianmin/card/meter-card/image';
import { imageDigest } from '@bianmin/card/meter-card/digest';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { Refusal } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';

/** What a card, or the grid without one, just told of a meter. */
export interface MeterWord extends Pick<
  GridCard,
  'meterNo' | 'soldCount' | 'creditedCount' | 'balanceFen' | 'balanceAt' | 'balanceLive' | 'ceilingFen'
> {
  /** The card that was read, where one was. */
  readonly card?: { readonly serial: string; readonly count: number; readonly imageDigest: string };
}

/** Of a card, as the grid knows it. */
export function wordOfCard(card: GridCard, image: CardImage): MeterWord {
  const { serial, cardCount: count } = card;
  return { ...card, card: { serial, count, imageDigest: imageDigest(image) } };
}

/**
 * Whether the meter wrote back that it did not take this purchase: its card is not as we wrote it, and the meter's newest word is
 * newer than the one before that write, by its own clock. A reading from afar says nothing of a card that may lie in a drawer.
 */
export function refusalOf(order: Order, word: MeterWord): Refusal | undefined {
  const { balanceAt: saidAt } = word;
  if (word.balanceLive || saidAt === null) return undefined;
  if (!mustBeWrittenAnew(order, word) || !isNewer(saidAt, order.write.meterSaidAt)) return undefined;
  const belowFen = roomless(order, word);
  return belowFen === undefined ? { reason: 'other', saidAt } : { reason: 'full', belowFen, saidAt };
}

/** The grid sold a count that the meter has not credited. */
export function lacksInMeter({
  creditedCount,
  soldCount,
}: Pick<GridCard, 'creditedCount' | 'soldCount'>): boolean {
  return (creditedCount ?? 0) < soldCount;
}

/** A written order's card does not have it, or not as its meter would take it: it is written again, without a payment. */
export function isWrittenInVain(order: Order, card: GridCard, word: MeterWord): boolean {
  const isNotOnCard = card.cardCount < card.soldCount && lacksInMeter(card);
  return order.write.status === 'written' && (isNotOnCard || mustBeWrittenAnew(order, word));
}

/** The meter touched this card since it was written, and does not have the purchase: it takes it once it is written anew. */
function mustBeWrittenAnew(order: Order, word: MeterWord): boolean {
  const { write, count, serial } = order;
  const { card } = word;
  if (write.status !== 'written' || write.imageDigest === undefined || provesCredit(word, order))
    return false;
  return card?.serial === serial && card.count === count && card.imageDigest !== write.imageDigest;
}

/** The most that a meter may hold to take this purchase, fen; undefined: it takes any, or that is not known. */
export function roomBelow(
  { sale, faceFen }: Pick<Order, 'sale' | 'faceFen'>,
  { ceilingFen }: Pick<MeterWord, 'ceilingFen'>,
): number | undefined {
  return ceilingFen === null ? undefined : Math.max(0, ceilingFen - (sale.creditFen ?? faceFen));
}

/** The same where the meter had no room for it; undefined: it had room, or that is not known. */
function roomless(order: Order, word: MeterWord): number | undefined {
  const belowFen = roomBelow(order, word);
  if (word.balanceFen === null || belowFen === undefined || word.ceilingFen === null) return undefined;
  const { sale, faceFen } = order;
  // One that takes less than the purchase has no room for it even when it is empty.
  return word.balanceFen + (sale.creditFen ?? faceFen) > word.ceilingFen ? belowFen : undefined;
}

/** By the meter's own clock: what it wrote back after that it had ever written before. */
export function isNewer(saidAt: string, before: string | undefined): boolean {
  const at = Date.parse(saidAt);
  return !Number.isNaN(at) && (before === undefined || !(at <= Date.parse(before)));
}
