/** A day, in ms: China has no summer time. */
export const DAY_MS = 86_400_000;

/** `2026-11-27 08:05:09`, in Beijing, whatever the clock of the office says. */
const EXACT = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit' },
  ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

export function exactTime(at: string | number | Date): string {
  return EXACT.format(new Date(at));
}

/** Beijing's day: `2026-11-27`. */
export function dayOf(at: string | number | Date): string {
  return exactTime(at).slice(0, 10);
}

/** The moment at which a day of Beijing begins. */
export function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

export type Ago =
  | { readonly key: 'now' }
  | { readonly key: 'minutes' | 'hours' | 'days'; readonly n: number }
  | { readonly key: 'exact' };

/** How long ago, in the largest whole unit; more than a month is better said exactly, and so is what is still to come. */
export function agoOf(at: number, now: number): Ago {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < -1 || minutes > 30 * 1440) return { key: 'exact' };
  if (minutes < 1) return { key: 'now' };
  if (minutes < 60) return { key: 'minutes', n: minutes };
  if (minutes < 1440) return { key: 'hours', n: Math.floor(minutes / 60) };
  return { key: 'days', n: Math.floor(minutes / 1440) };
}
