/** Nothing goes on as it is: the card is not there or not the right one, or it is said in words what is wrong. */
export type ProblemScreen =
  /** The card left while it was needed. */
  | { readonly screen: 'pulled'; readonly orderNo: string; readonly paid: boolean }
  /** Another card than the one of this order was put in. */
  | { readonly screen: 'other-card'; readonly orderNo: string }
  | {
      readonly screen: 'problem';
      readonly code: PurchaseProblem;
      /** Small, for staff. */
      readonly staffCode: string;
      readonly orderNo: string | null;
      readonly moneySafe: 'nothing-taken' | 'safe-with-order';
      readonly canRetry: boolean;
      /** How long it will go on, where that is known. */
      readonly waitMinutes?: number;
      /** No card lies in the reader to be taken out: a person may also leave. */
      readonly canLeave?: true;
      /** Of `no-reader`: a household may buy without its card all the same. */
      readonly withoutCard?: true;
    };

/** Each has its own words under `purchase.problem.<code>`. */
export const PURCHASE_PROBLEMS = [
  'no-reader',
  'two-readers',
  'card-mute', // upside down, dirty, or no chip
  'card-unknown', // not an electricity card
  'card-foreign', // another company's
  'card-replaced',
  'account-closed', // the customer has left; the card's holder must ask
  'meter-exchanged', // the card is of the meter before
  'card-locked',
  'card-damaged',
  'card-protected-tries', // too few tries left: staff
  'card-changed', // the card is not as it was when sold
  'not-yet-used', // last purchase not yet in the meter
  'meter-full', // read just now, and without room
  'order-open-elsewhere',
  'amount-out-of-range',
  'channel-down',
  'grid-busy',
  'server-away',
  'not-enrolled',
  'journal-broken',
  'write-failed',
  'customer-unknown',
  'home-gone', // the box does not keep this household any more
  'not-remote', // the meter takes no credit from afar
  'unexpected',
] as const;
export type PurchaseProblem = (typeof PURCHASE_PROBLEMS)[number];

/** `card-mute`, where another card was mute before it: the reader is to blame. */
export const READER_BLIND = 'purchase.reader-blind';

/** The last purchase was undone when it was on a card: nothing is sold before the meter was heard of since. */
export const UNDONE = { code: 'not-yet-used', staffCode: 'meter.undone' } as const;
