import { ALERT_LIMITS, LIMIT_NAMES, type LimitName } from '@bianmin/purchase/api/alert-limits';

/** What holds now, in each one's own unit. */
export type Limits = Readonly<Record<LimitName, number>>;

export const DEFAULT_LIMITS = limitsOf({});

/** The defaults with what administrators chose; what was chosen and is out of bounds by now counts as its bound. */
export function limitsOf(chosen: Readonly<Partial<Record<string, number>>>): Limits {
  const entries = LIMIT_NAMES.map((name) => {
    const { default: usual, min, max } = ALERT_LIMITS[name];
    return [name, Math.min(max, Math.max(min, chosen[name] ?? usual))];
  });
  return Object.fromEntries(entries) as Limits;
}

const MINUTE_MS = 60_000;
const UNIT_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS } as const;

/** A limit that is a time, in ms. */
export function msOf(limits: Limits, name: LimitName): number {
  const { unit } = ALERT_LIMITS[name];
  if (unit !== 'minute' && unit !== 'hour' && unit !== 'day') throw new Error(`${name} is no time.`);
  return limits[name] * UNIT_MS[unit];
}
