import { OVER_MS } from './deadlines.ts';
import { BACK_MS } from './selling.ts';

export interface ChaosSoakRow {
  readonly soak: 'chaos';
  readonly minutes: number;
  readonly nodes: 1 | 2;
  readonly orders: number;
  /** Households that paid and were neither credited nor paid back. */
  readonly lost: number;
  readonly doubled: number;
  /** Orders for another meter than the one that was confirmed. */
  readonly wrongMeter: number;
  /** Orders that did not come to an end, and households that cannot buy although all is well again. */
  readonly stuck: number;
  readonly uncaughtFalseClaims: number;
  readonly kills: number;
  readonly restarts: number;
  readonly pauses: number;
  readonly freezes: number;
  /** The longest that a request took beyond its deadline, as the judge measured it. */
  readonly maxOverDeadlineMs: number;
  /** The longest that the judge himself stood still: what he measured may be too much by that. */
  readonly judgeLagMs: number;
  /** Requests that were late by more than is allowed, and not by the judge's standing still. */
  readonly overdue: number;
  /** The longest that nothing was sold: after a thaw, or during the freeze of a part of which there are two. */
  readonly maxBackMs: number;
  /** Half of all purchases took no longer, from the order to the grid's sale: what the machine was like. */
  readonly usualSaleMs: number;
  readonly cuts: number;
  readonly spoiltLines: number;
  readonly fullStores: number;
  readonly fullDisks: number;
  readonly clockJumps: number;
  readonly requests: number;
  /** Orders a minute while something was wrong. */
  readonly perMinute: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: string;
}

/** Where a purchase takes so long, none can follow a thaw in time, ms. */
const TOO_BUSY_MS = BACK_MS / 2;

/** Whether the machine was too busy for a judgement of how soon anything is sold again. */
function isTooBusy({ usualSaleMs }: Pick<ChaosSoakRow, 'usualSaleMs'>): boolean {
  return usualSaleMs > TOO_BUSY_MS;
}

/** A shorter run says which goal it missed, and fails by faults alone. */
const WHOLE_MINUTES = 60;

/** What is not as it should be, for people. */
export function missedGoals({ maxBackMs }: Pick<ChaosSoakRow, 'maxBackMs'>): string[] {
  return maxBackMs > BACK_MS ? [`nothing was sold for ${maxBackMs} ms, not at most ${BACK_MS}`] : [];
}

/** What makes the command fail, for people. */
export function faultsOf(row: ChaosSoakRow): string[] {
  const none = ['lost', 'doubled', 'wrongMeter', 'stuck', 'uncaughtFalseClaims'] as const;
  return [
    ...none.filter((name) => row[name] > 0).map((name) => `${name}: ${row[name]}, not 0`),
    ...(row.overdue > 0 ? [`${row.overdue} requests were more than ${OVER_MS} ms late`] : []),
    ...(row.minutes >= WHOLE_MINUTES && !isTooBusy(row) ? missedGoals(row) : []),
  ];
}
