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
  | { readonly op: 'storm'; readonly url: string; readonly spreadMs: number; readonly standstillMs: number };

/** How a storm went. */
export interface StormReport {
  readonly terminals: number;
  /** Those whose beat was taken. */
  readonly back: number;
  /** Until the last of them, s. */
  readonly seconds: number;
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
