import type { RouteLocationRaw } from 'vue-router';

/** A line of the table beside a picture. */
export interface NumbersRow {
  readonly key: string;
  readonly label: string;
  /** The orders that the first number is of. */
  readonly to?: RouteLocationRaw | undefined;
  /** Whether the label leads on: the place below is opened. */
  readonly opens?: boolean;
  readonly numbers: readonly string[];
}
