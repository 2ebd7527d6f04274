/** One side of a posting: a debit is positive, a credit negative, in fen. */
export interface Leg {
  readonly account: string;
  readonly fen: number;
}

/** What one event of one order, one bill or one decided case does to the accounts. Never changed, never deleted. */
export interface Posting {
  /** An order's number; `bill:CHANNEL:DAY`, `case:ID`, a float's `topup-ID` for what no order's event says. */
  readonly source: string;
  /** The event's number in its source. */
  readonly n: number;
  /** Which of the event's legs; an event may have several groups, each balanced. */
  readonly group: string;
  /** The event's name. */
  readonly name: string;
  readonly at: Date;
  /** Of `at`, in China. */
  readonly day: string;
  /** They add up to zero. */
  readonly legs: readonly Leg[];
  /** Whose order, for statements; absent where it is no order's. */
  readonly terminalId?: string;
  readonly meterNo?: string;
  /** Set where its month was closed when it came: it is in no closed sum, and a case says so. */
  readonly late?: true;
}

/** The sum of all legs: zero, or the posting must not be kept. */
export function imbalanceOf(posting: Pick<Posting, 'legs'>): number {
  return posting.legs.reduce((sum, { fen }) => sum + fen, 0);
}

/** Turnover of each account, in fen; accounts whose legs cancel are there with zero. */
export function turnoverOf(postings: Iterable<Pick<Posting, 'legs'>>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { legs } of postings) addLegs(sums, legs);
  return sums;
}

export function addLegs(sums: Map<string, number>, legs: readonly Leg[]): void {
  for (const { account, fen } of legs) sums.set(account, (sums.get(account) ?? 0) + fen);
}
