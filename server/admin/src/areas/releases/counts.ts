import { OUTCOMES, type Outcome, type OutcomeCounts } from '@bianmin/purchase/api/rollout';

const BAD: readonly Outcome[] = ['failed', 'fell-back', 'missing'];

/** How those of a rollout fare, as a page tells it. */
export function summarize(counts: OutcomeCounts): {
  /** Those that there are any of, in the order of what happens. */
  readonly parts: readonly { readonly outcome: Outcome; readonly count: number; readonly bad: boolean }[];
  readonly bad: number;
  /** Of those that took it, per mille. */
  readonly badPermille: number;
  /** Of those that were offered it, per cent that run it. */
  readonly percent: number;
} {
  const all = OUTCOMES.map((outcome) => ({ outcome, count: counts[outcome], bad: BAD.includes(outcome) }));
  const sum = (of: readonly { readonly count: number }[]): number =>
    of.reduce((total, { count }) => total + count, 0);
  const bad = sum(all.filter((part) => part.bad));
  const total = sum(all);
  const took = total - counts.offered;
  return {
    parts: all.filter(({ count }) => count > 0),
    bad,
    badPermille: took === 0 ? 0 : (bad * 1000) / took,
    percent: total === 0 ? 0 : Math.floor((counts.installed * 100) / total),
  };
}

/** "0.5 %" of 5 per mille. */
export function percentOf(permille: number): string {
  return `${Math.round(permille) / 10} %`;
}

/** Shares that were typed, per cent with commas, as per mille; undefined where they do not grow, or are none. */
export function permilleOf(text: string): number[] | undefined {
  const parts = text.split(/[,，、\s]+/).filter((part) => part !== '');
  const shares = parts.map((part) => Math.round(Number(part.replace(/%$/, '')) * 10));
  const grow = shares.every((share, no) => share >= 1 && share <= 1000 && share > (shares[no - 1] ?? 0));
  return grow && shares.length >= 1 && shares.length <= 8 ? shares : undefined;
}
