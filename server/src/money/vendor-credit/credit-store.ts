import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';

/** How long a sum of orders is believed, ms: an order must be stored so soon after its hold. */
export const SUM_MS = 5_000;
/** So long after a refusal nothing is held where the grid does not say what is left, ms; longer than a waiting order waits. */
export const REFUSED_MS = 15 * 60_000;
/** Words of the grid may overtake each other by less than this, ms; by more, its clock was set back. */
export const OVERTAKEN_MS = 60_000;

/** What is known of the credit. */
export interface KnownCredit {
  /** fen, less what was sold since the grid said so; null: the grid never said. */
  readonly availableFen: number | null;
  readonly asOf: Date | null;
  readonly batch: VendorCredit['batch'];
  /** When the grid last refused a sale for it, and neither sold nor told anything since. */
  readonly refusedAt: Date | null;
}

/** Orders that may still be sold, summed. */
export interface OrderSum {
  readonly fen: number;
  /** `taken()` from before the sum was made. */
  readonly taken: number;
  /** From before it was made, too. */
  readonly at: Date;
}

/** What became of a hold. `stale`: sum the orders first; `unasked`: ask the grid first. Nothing was held by these two. */
export type Hold = 'held' | 'refused' | 'stale' | 'unasked';

/**
 * The credit as all processes share it. It may be lost: then the grid is asked before anything is held.
 *
 * Held is the last sum of orders and whatever was taken since the sum **before** it, so that an order that was held and not yet
 * stored when a sum was made is in it: two webs never hold more than there is, as long as an order is stored within `SUM_MS` of
 * its hold. The price is that orders of the last two sums are counted twice: close to its end we refuse so much too early.
 */
export interface VendorCreditStore {
  hold(fen: number, now: Date): Promise<Hold>;
  /** Everything that was ever held, fen: grows only. */
  taken(): Promise<number>;
  /** A sum that is no younger than the last by `SUM_MS` changes nothing. */
  summed(sum: OrderSum): Promise<void>;
  /** What was ever sold without the grid's telling what is left, fen: grows only. */
  sold(): Promise<number>;
  /** Sold without a word of the credit. */
  noteSold(fen: number): Promise<void>;
  /**
   * The grid's word; one that was overtaken changes nothing. `sold`: what had been sold when it was asked; absent: it told with a
   * sale, so of now.
   */
  tell(credit: VendorCredit, sold?: number): Promise<void>;
  noteRefused(now: Date): Promise<void>;
  /** The grid was asked, and says nothing of it: everything is held. */
  noteSilent(): Promise<void>;
  known(): Promise<KnownCredit>;
}
