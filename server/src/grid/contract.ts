import type { ChipName } from '@bianmin/shared/chip/contract';
import type { RegionData } from '@bianmin/shared/chip/region';
import type { CardImage } from '@bianmin/shared/meter-card/image';
import type { WritePlan } from '@bianmin/shared/meter-card/plan';

/**
 * The grid's collection platform as this server needs it. One adapter a province; `testing/grid-contract.ts`
 * runs on each. Three kinds of failure, all `GridError`s:
 * - `grid.refused`: a business answer, final. Nothing happened.
 * - `grid.unavailable`: the request provably never left (breaker open, connection refused), or the grid said under
 *   its signature that it did not process it, or it was a question without effect. Nothing happened.
 * - `grid.unknown`: time-out, reset, 5xx, an answer that does not verify. **It may have happened.** Ask about
 *   that request (`queryOriginal`, `queryReversal`); never send a second one in its place.
 */
export interface GridGateway {
  /** Name of the adapter, part of `saleSlot`: `collection-v1`. */
  readonly grid: string;

  /** Reads a card image for us. No effect; may be repeated freely. `grid.refused` carries `reason`. */
  identify(image: CardImage): Promise<GridCard>;

  /**
   * Sells. The caller has stored `sale: sent` with this order number first. Idempotent by `orderNo` at the
   * grid: the same number with the same content gives the same sale; with other content it is refused.
   */
  sell(request: SellRequest): Promise<GridSale>;

  /** What became of the sale under this order number. No effect; may be repeated freely. */
  queryOriginal(
    orderNo: string,
  ): Promise<
    | { status: 'sold'; sale: GridSale }
    | { status: 'rejected'; reason: string }
    | { status: 'not-found' }
    | { status: 'reversed' }
  >;

  /**
   * What the meter left on the card (return file), as evidence with the sale, before a write blanks it.
   * Idempotent by order number and content; must have succeeded before a plan is released.
   */
  returnData(orderNo: string, regions: readonly RegionData[]): Promise<void>;

  /**
   * The plan that puts a sale on its card: same serial, same count, however often it is asked for (补写).
   * Built against the image just read, so that nothing is written that is already there.
   */
  writePlan(orderNo: string, image: CardImage): Promise<WritePlan>;

  /** The next stage of a plan: the card's answers in, authentication and MACed commands out. */
  authorise(request: {
    orderNo: string;
    stage: number;
    gathered: Readonly<Record<string, string>>;
  }): Promise<WritePlan>;

  /** Tells the grid that the terminal says the card is written. Must be delivered; may be repeated. */
  confirmWrite(orderNo: string, imageDigest: string): Promise<void>;

  /**
   * Undoes a sale that is not on a card, or, for a number the grid never saw, leaves a tombstone so that a
   * request still travelling cannot sell later. Idempotent by order number; `refused` is a business answer.
   */
  reverse(orderNo: string, reason: string): Promise<{ status: 'reversed' | 'refused'; reason?: string }>;

  /** What became of the reversal. No effect. */
  queryReversal(orderNo: string): Promise<{ status: 'reversed' | 'refused' | 'not-found' }>;
}

/** A card as the grid knows it. Names and addresses are clear here: mask before they go anywhere else. */
export interface GridCard {
  readonly customerNo: string;
  readonly customerName: string;
  readonly address: string;
  readonly meterNo: string;
  readonly chip: ChipName;
  /** Hex, 16 digits. */
  readonly serial: string;
  /** The last purchase count the grid sold for this meter. */
  readonly soldCount: number;
  /** The count on this card. */
  readonly cardCount: number;
  /** The count that return data proves credited, or null where the card was never in a meter. */
  readonly creditedCount: number | null;
  /** Whether every sale so far is proven credited: only then may another be sold. */
  readonly previousInserted: boolean;
  readonly balanceFen: number | null;
  /** Meter's own time of the return data, ISO 8601, null where there is none. */
  readonly balanceAt: string | null;
  readonly arrearsFen: number;
  readonly minFen: number;
  readonly maxFen: number;
}

export interface SellRequest {
  readonly orderNo: string;
  readonly customerNo: string;
  readonly meterNo: string;
  /** Hex, 16 digits. */
  readonly serial: string;
  readonly faceFen: number;
  /** soldCount + 1, as identified: the grid refuses any other. */
  readonly count: number;
}

export interface GridSale {
  /** The grid's own serial of the sale (售电流水). */
  readonly saleNo: string;
  readonly orderNo: string;
  readonly count: number;
  readonly faceFen: number;
  /** What the meter will be credited: face less arrears and fees. */
  readonly creditFen: number;
  readonly arrearsFen: number;
  readonly feeFen: number;
}
