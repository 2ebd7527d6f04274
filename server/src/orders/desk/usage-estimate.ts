import { chinaClock } from '../../kernel/china-time.ts';

const DAY_MS = 86_400_000;
/** Fewer purchases, or closer together, tell nothing of what a household uses. */
const LEAST_PURCHASES = 3;
const LEAST_DAYS = 20;

/**
 * About when a meter holds no more than `belowFen`, YYYY-MM-DD in China, by what was bought before: what lies between two
 * purchases was used between them. `bought`: newest first. Undefined: it is so now, or it cannot be told.
 */
export function dayBelow(of: {
  readonly bought: readonly { readonly at: Date; readonly creditFen: number }[];
  readonly balanceFen: number;
  /** When the meter held that. */
  readonly balanceAt: Date;
  readonly belowFen: number;
  readonly now: Date;
}): string | undefined {
  const { bought, balanceFen, balanceAt, belowFen, now } = of;
  const [newest, oldest] = [bought[0], bought.at(-1)];
  if (newest === undefined || oldest === undefined || bought.length < LEAST_PURCHASES) return undefined;
  const days = (newest.at.getTime() - oldest.at.getTime()) / DAY_MS;
  const usedFen = bought.slice(1).reduce((sum, { creditFen }) => sum + creditFen, 0);
  if (days < LEAST_DAYS || usedFen === 0) return undefined;
  const left = Math.ceil(((balanceFen - belowFen) / usedFen) * days);
  const day = new Date(balanceAt.getTime() + left * DAY_MS);
  return day > now ? chinaClock(day).slice(0, 10) : undefined;
}
