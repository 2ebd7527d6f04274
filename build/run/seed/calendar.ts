import {
  chinaClock,
  chinaDay,
  dayPlus,
  daysOfMonth,
  startOfDay,
} from '../../../server/src/kernel/china-time.ts';
import type { Dice } from '@bianmin/card/testing/dice';

export interface SeedDay {
  /** YYYY-MM-DD in China. */
  readonly day: string;
  readonly orders: number;
  /** Whether people were to stay at home. */
  readonly lockDown: boolean;
}

/** Of 412,000 orders of a year, 69,000 were of the month in which people were to stay at home. */
const LOCK_DOWN_SHARE = 69_000 / 412_000;
/** How many whole months before the present one that month lies. */
const LOCK_DOWN_AGO = 3;
/** January to December: heating and long nights, then air conditioning. */
const SEASON = [1.25, 1.2, 1.05, 0.9, 0.85, 0.95, 1.15, 1.15, 0.95, 0.9, 1.05, 1.2] as const;
/** Sunday to Saturday: community centres are busy at the week's ends, offices on Monday. */
const WEEKDAY = [1.1, 1.05, 0.95, 0.92, 0.95, 1, 1.15] as const;
/** By the hour of China's clock; Xinjiang's day begins two hours later than Beijing's. */
const HOUR: readonly number[] = [
  6, 3, 1, 1, 1, 1, 2, 5, 14, 40, 66, 74, 70, 62, 56, 58, 66, 74, 80, 84, 78, 60, 34, 14,
];

/** How many of so many orders fall on each day of the year that ends today. They add up. */
export function yearOf(now: Date, orders: number, dice: Dice): SeedDay[] {
  const today = chinaDay(now);
  const lockDown = monthBefore(today.slice(0, 7), LOCK_DOWN_AGO);
  const days = Array.from({ length: 365 }, (_, index) => dayPlus(today, index - 364));
  const weights = days.map((day) => weightOf(day, dice));
  // Of today only what is over yet.
  weights[364] = (weights[364] ?? 0) * partOver(now);
  const isLocked = (at: number): boolean => days[at]?.startsWith(lockDown) === true;
  const lockedOrders = Math.round(orders * LOCK_DOWN_SHARE);
  const locked = shares(
    weights.map((weight, at) => (isLocked(at) ? weight : 0)),
    lockedOrders,
  );
  const rest = shares(
    weights.map((weight, at) => (isLocked(at) ? 0 : weight)),
    orders - lockedOrders,
  );
  return days.map((day, at) => ({
    day,
    orders: (locked[at] ?? 0) + (rest[at] ?? 0),
    lockDown: isLocked(at),
  }));
}

/** Moments at which a day's orders are made, in order; none later than `last`. */
export function momentsOf({ day, orders }: SeedDay, last: Date, dice: Dice): Date[] {
  const from = startOfDay(day).getTime();
  const moments: number[] = [];
  const hours = HOUR.map((weight, hour) => (from + (hour + 1) * 3_600_000 <= last.getTime() ? weight : 0));
  const latest = Math.min(from + 86_400_000, last.getTime());
  const all = hours.reduce((sum, weight) => sum + weight, 0);
  for (let made = 0; made < orders; made += 1) {
    if (all === 0) {
      moments.push(from + dice.below(Math.max(1, latest - from)));
      continue;
    }
    let left = dice.below(all);
    const hour = hours.findIndex((weight) => (left -= weight) < 0);
    moments.push(from + hour * 3_600_000 + dice.below(3_600_000));
  }
  return moments.sort((a, b) => a - b).map((at) => new Date(at));
}

function weightOf(day: string, dice: Dice): number {
  const month = Number(day.slice(5, 7)) - 1;
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return (SEASON[month] ?? 1) * (WEEKDAY[weekday] ?? 1) * (0.92 + dice.below(1600) / 10_000);
}

function partOver(now: Date): number {
  const [hour = 0, minute = 0] = chinaClock(now).slice(11).split(':').map(Number);
  const over = HOUR.reduce(
    (sum, weight, at) => sum + (at < hour ? weight : at === hour ? (weight * minute) / 60 : 0),
    0,
  );
  return over / HOUR.reduce((sum, weight) => sum + weight, 0);
}

/** A whole divided by weights into whole numbers that add up to it, the largest remainders first. */
function shares(weights: readonly number[], whole: number): number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight * whole) / sum);
  const floors = exact.map(Math.floor);
  const left = whole - floors.reduce((all, each) => all + each, 0);
  const byRemainder = exact
    .map((each, at) => ({ at, remainder: each - Math.floor(each) }))
    .sort((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder.slice(0, left)) floors[at] = (floors[at] ?? 0) + 1;
  return floors;
}

function monthBefore(month: string, months: number): string {
  let at = month;
  for (let back = 0; back < months; back += 1) at = dayPlus(daysOfMonth(at).first, -1).slice(0, 7);
  return at;
}
