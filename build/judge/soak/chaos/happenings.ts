import { putOffFoundMs, SOAK_TIMES } from '../grid-times.ts';
import type { Happening } from './trouble-maker.ts';

/** How far in the future, at so many ms of the evening, something may still wait for a clock that was ahead. */
export function putOffMs(happened: readonly Happening[], nowMs: number): number {
  const until = happened.map(({ trouble, atMs, tookMs }) =>
    trouble.what === 'clock' ? atMs + tookMs + trouble.byMs : 0,
  );
  return Math.min(putOffFoundMs(SOAK_TIMES), Math.max(0, ...until.map((ms) => ms - nowMs)));
}

/** How the evening went, by what went wrong at what: how often, how long until it was well, and what was bought meanwhile. */
export function seen(happened: readonly Happening[]): string[] {
  const kinds = new Map<string, Happening[]>();
  for (const each of happened) {
    const kind = `${each.trouble.whom}, ${each.trouble.what}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), each]);
  }
  const sum = (of: readonly Happening[], what: (one: Happening) => number): number =>
    of.reduce((all, one) => all + what(one), 0);
  return [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, all]) => {
      const seconds = (sum(all, ({ tookMs }) => tookMs) / all.length / 1000).toFixed(1);
      return `${kind}: ${all.length} times, ${seconds} s each, ${sum(all, ({ orders }) => orders)} orders meanwhile`;
    });
}
