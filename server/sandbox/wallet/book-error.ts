/** Why the books refuse what a merchant asks; each dialect has its own words and numbers for it. */
export type BookRefusal =
  | 'paid'
  | 'closed'
  | 'different'
  | 'expiry-passed'
  | 'no-trade'
  | 'other-trade'
  | 'not-paid'
  | 'no-refund'
  | 'refund-different'
  | 'refund-too-late'
  | 'refund-total'
  | 'refund-too-often'
  | 'refund-too-much';

export class BookError extends Error {
  readonly reason: BookRefusal;

  constructor(reason: BookRefusal) {
    super(`The wallet's books refuse this: ${reason}.`);
    this.name = 'BookError';
    this.reason = reason;
  }
}

/** Why a payer cannot pay a code. */
export type CannotPay = 'unknown-code' | 'dead-code' | 'expired' | 'closed' | 'already-paid';

export class CannotPayError extends Error {
  readonly reason: CannotPay;

  constructor(reason: CannotPay) {
    super(`This code cannot be paid: ${reason}.`);
    this.name = 'CannotPayError';
    this.reason = reason;
  }
}
