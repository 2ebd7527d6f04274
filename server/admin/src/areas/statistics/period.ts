import type { StatisticsView } from '@bianmin/purchase/api/statistics';
import { DAY_MS, dayOf, exactTime, startOfDay } from '../../parts/time.ts';

const LENGTHS = { year: 4, month: 7, day: 10 } as const satisfies Record<StatisticsView, number>;

/** The year, month or day to show when the view is changed: the one that holds `at`, or today's within it, or the first. */
export function atOfView(view: StatisticsView, at: string, now: number): string {
  const today = dayOf(now);
  const whole = today.startsWith(at) ? today : `${at}-01-01`.slice(0, 10);
  return whole.slice(0, LENGTHS[view]);
}

/** Whether a point of `at` has not begun yet: its zero says nothing. `period` is a month, a day, or an hour of two digits. */
export function isToCome(at: string, period: string, now: number): boolean {
  const clock = exactTime(now);
  if (at.length < LENGTHS.day) return period > clock.slice(0, period.length);
  const today = clock.slice(0, LENGTHS.day);
  return at > today || (at === today && period > clock.slice(11, 13));
}

/** A point as an axis names it: a month's name, the day's number, `08:00`. */
export function periodLabel(view: StatisticsView, period: string, locale: string): string {
  if (view === 'day') return `${period}:00`;
  if (view === 'month') return String(Number(period.slice(8)));
  return new Intl.DateTimeFormat(locale, { month: 'short', timeZone: 'UTC' }).format(
    new Date(`${period}-01T00:00:00Z`),
  );
}

/** From the first moment of a year, a month or a day in China to the first after it, as a search of orders takes it. */
export function spanOfPeriod(at: string): { from: string; to: string } {
  const first = `${at}-01-01`.slice(0, 10);
  return { from: startOfDay(first).toISOString(), to: startOfDay(dayAfter(at, first)).toISOString() };
}

/** The same of an hour of a day. */
export function spanOfHour(day: string, hour: string): { from: string; to: string } {
  const from = startOfDay(day).getTime() + Number(hour) * 3_600_000;
  return { from: new Date(from).toISOString(), to: new Date(from + 3_600_000).toISOString() };
}

function dayAfter(at: string, first: string): string {
  if (at.length === LENGTHS.day) return dayOf(startOfDay(first).getTime() + DAY_MS);
  const [year = 0, month = 12] = at.split('-').map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}
