import { chinaClock } from '../../kernel/china-time.ts';

const DAY_S = 86_400;
/** Last week tells nothing of days beyond this. */
const HORIZON_DAYS = 60;

/**
 * How many days it lasts where each day sells what the same day of the week did; null where nothing was sold in a week, or
 * beyond what can be told. Pure.
 */
export function daysLeft(
  availableFen: number,
  { paidFen, now }: { readonly paidFen: readonly number[]; readonly now: Date },
): number | null {
  if (paidFen.length === 0 || paidFen.every((fen) => fen === 0)) return null;
  let left = availableFen;
  // Of today only what is still to come of it.
  let share = 1 - secondsOfDay(now) / DAY_S;
  let days = 0;
  for (let day = 0; day < HORIZON_DAYS; day += 1) {
    const fen = (paidFen[day % paidFen.length] ?? 0) * share;
    if (fen > 0 && fen >= left) return days + (left / fen) * share;
    left -= fen;
    days += share;
    share = 1;
  }
  return null;
}

function secondsOfDay(now: Date): number {
  const [hours, minutes, seconds] = chinaClock(now).slice(11).split(':').map(Number);
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}
