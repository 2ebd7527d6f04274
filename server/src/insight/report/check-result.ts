/** A count that is not what the orders say. */
export interface RollupDifference {
  /** `day:2026-11-27:650100`. */
  readonly rollup: string;
  /** `all`, or `entry.kiosk`. */
  readonly of: string;
  readonly count: string;
  readonly stored: number;
  readonly orders: number;
}

export interface RollupCheck {
  readonly orders: number;
  readonly rollups: number;
  /** At most a hundred of them. */
  readonly differences: readonly RollupDifference[];
  readonly equal: boolean;
}
