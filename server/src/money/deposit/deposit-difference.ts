/** So many comparisons in a row, the same way: what is on its way between grid, orders and ledger has arrived by then. */
export const TIMES_OFF = 3;

/** What the grid said was left, beside the books. */
export interface DepositComparison {
  readonly at: Date;
  readonly gridFen: number;
  /** What the grid had when the comparing began, and what the ledger posted since. */
  readonly booksFen: number;
  /** Orders that the grid may have sold, or taken back, without our knowing yet. */
  readonly underWayFen: number;
  /** How often in a row nothing explained the difference. */
  readonly timesOff: number;
}

/** More than what is under way explains, and which way; 0: nothing. */
export function unexplainedFen({
  gridFen,
  booksFen,
  underWayFen,
}: Pick<DepositComparison, 'gridFen' | 'booksFen' | 'underWayFen'>): number {
  const differenceFen = gridFen - booksFen;
  return Math.abs(differenceFen) > underWayFen ? differenceFen : 0;
}

/** With what the comparison before it found. Pure. */
export function comparedAfter(
  before: DepositComparison | undefined,
  now: Omit<DepositComparison, 'timesOff'>,
): DepositComparison {
  const off = unexplainedFen(now);
  if (off === 0) return { ...now, timesOff: 0 };
  const wasOff = before === undefined ? 0 : unexplainedFen(before);
  return { ...now, timesOff: Math.sign(off) === Math.sign(wasOff) ? (before?.timesOff ?? 0) + 1 : 1 };
}
