import type { Entry, PayCode } from '../api/scalars.ts';

/** Waits of the flow, ms. */
export interface PurchaseTimings {
  /** Before a reading that failed is tried again. */
  readonly rereadMs: number;
  /** How long a channel may take to give a code. */
  readonly codeMs: number;
  /** Paid and not sold for so long: the screen says that the grid is silent. */
  readonly silentMs: number;
  /** How long a pulled card is waited for before the kiosk is free for others. */
  readonly pulledMs: number;
  /** How long another person's card is sent away before it is served. */
  readonly otherCardMs: number;
  /** How long a question stays that is not answered and for which no card lies in the reader. */
  readonly unansweredMs: number;
  /** How long a household is asked whether it is still here, before a screen is left. */
  readonly askMs: number;
  /** How long a card that nothing is done with any more lies in the reader until it is called out. */
  readonly forgottenMs: number;
  /** How long an end screen stays once its card is out. */
  readonly lingerMs: number;
  /** How long what a household should take home stays to be read, where no card keeps it there. */
  readonly readMs: number;
  /** Between two tries after a passing fault. */
  readonly retryMs: number;
  /** Between two questions whether a code was paid. */
  readonly closingMs: number;
}

export const DEFAULT_TIMINGS: PurchaseTimings = {
  rereadMs: 700,
  codeMs: 20_000,
  silentMs: 15_000,
  pulledMs: 90_000,
  otherCardMs: 20_000,
  unansweredMs: 120_000,
  askMs: 30_000,
  forgottenMs: 20_000,
  lingerMs: 20_000,
  readMs: 45_000,
  retryMs: 3_000,
  closingMs: 2_000,
};

export interface FlowSettings {
  readonly entry: Entry;
  readonly channel: PayCode;
}
