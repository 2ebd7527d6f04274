import type { Load } from './open-loop.ts';

/** What the load generator is asked to do; it is a process of its own, so that it never waits for the bench's own work. */
export type Ask =
  | {
      readonly op: 'prepare';
      readonly terminals: number;
      readonly mongodbUri: string;
      readonly secret: string;
    }
  /** Plain requests, for the limit to compare with. */
  | { readonly op: 'plain'; readonly url: string; readonly perSecond: number; readonly seconds: number }
  | { readonly op: 'beats'; readonly url: string; readonly perSecond: number; readonly seconds: number }
  | ({ readonly op: 'storm'; readonly url: string } & StormPlan);

/** How all come back. */
export interface StormPlan {
  /** Whether the keys for beats of before are still there and good. */
  readonly keys: 'kept' | 'lost';
  /** All begin within it. */
  readonly spreadMs: number;
  /** Given up after no terminal came back for so long. */
  readonly standstillMs: number;
}

/** How a storm went. */
export interface StormReport {
  readonly terminals: number;
  /** Those that were enrolled, and whose beat was taken. */
  readonly back: number;
  /** Until the last of them, s. */
  readonly seconds: number;
  /** Until the last beat was taken, s. */
  readonly heardSeconds: number;
  readonly requests: number;
  /** Told to come later. */
  readonly refused: number;
  /** Answers that are neither, and requests without one. */
  readonly failed: number;
}

export interface Reports {
  prepare: null;
  plain: Load;
  beats: Load;
  storm: StormReport;
}

export type Reply =
  | { readonly no: number; readonly report: Reports[keyof Reports] }
  | { readonly no: number; readonly error: string };
