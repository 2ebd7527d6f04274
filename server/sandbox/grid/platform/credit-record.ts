import type { Moment } from './day-book.ts';

/** A credit from afar, in the book beside its sale. */
export type CreditRecord = {
  readonly askedAt: Moment;
  /** Wall clock, ms. */
  readonly askedMs: number;
  /** What goes to the meter, hex: the same however often it goes. */
  readonly frame: string;
  /** A frame went out and nothing came back: only the meter can say what became of it. */
  mayHaveArrived: boolean;
} & (
  | { readonly status: 'pending' }
  | { readonly status: 'credited'; readonly creditedAt: Moment; readonly balanceFen: number }
  | { readonly status: 'failed'; readonly reason: string }
);
