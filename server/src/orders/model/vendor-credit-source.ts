import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';

/**
 * What we know of our deposit (备付金) or credit at the grid, against which it sells. None of these fails: what is not known stops
 * no sale, since an order that the grid refuses for it waits and loses nothing.
 */
export interface VendorCreditSource {
  /** Holds this much for an order that is about to be made. False: what is left does not cover it; nothing is held. */
  hold(faceFen: number): Promise<boolean>;
  /** Whether a sale that was refused for it may be sent again. */
  covers(faceFen: number): Promise<boolean>;
  /** The grid sold, and may have told with it what is left. Called before the order is known to be sold. */
  sold(faceFen: number, told?: VendorCredit): Promise<void>;
  /** The grid refused a sale for it. */
  refused(): Promise<void>;
}

/** Of a grid that sells without a bound. */
export const UNBOUNDED: VendorCreditSource = {
  hold: () => Promise.resolve(true),
  covers: () => Promise.resolve(true),
  sold: () => Promise.resolve(),
  refused: () => Promise.resolve(),
};
