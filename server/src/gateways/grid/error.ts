import { CodedError } from '@bianmin/card/errors';

export type GridErrorCode = 'grid.refused' | 'grid.unavailable' | 'grid.unknown';

export const GRID_REFUSALS = [
  'card-unknown',
  'card-foreign',
  'card-replaced',
  'card-damaged',
  'customer-closed',
  // What was sold for a meter, or the card of it, that was exchanged since: no meter takes it.
  'meter-changed',
  'count',
  'amount',
  'previous-not-inserted',
  'duplicate',
  'not-sold',
  'reversed',
  'day-cut',
  'authentication',
  // What we have at the grid does not cover it. The number may be sold later.
  'vendor-credit',
  // The balance is kept at the grid: nothing is sold to a card or meter; and the other way round.
  'account',
  'no-account',
  // A bill that is paid, or that the customer does not have.
  'bill-settled',
  'other',
] as const;
/** Why the grid refused, for words and for what to do next. */
export type GridRefusal = (typeof GRID_REFUSALS)[number];

export class GridError extends CodedError<GridErrorCode> {
  readonly refusal: GridRefusal | undefined;

  constructor(init: ConstructorParameters<typeof CodedError<GridErrorCode>>[0] & { refusal?: GridRefusal }) {
    super(init);
    this.refusal = init.refusal;
  }
}
