/** China keeps one time all year, eight hours ahead of UTC. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** A moment as China's clocks show it, `YYYY-MM-DDThh:mm:ss`, rounded down; no offset, so that parts can be cut out. */
export function chinaClock(at: Date): string {
  return new Date(at.getTime() + CHINA_OFFSET_MS).toISOString().slice(0, 19);
}

/** The day in China's calendar, YYYY-MM-DD: what a day cut (日切) goes by. */
export function chinaDay(at: Date): string {
  return chinaClock(at).slice(0, 10);
}

/** The moment at which a day begins in China. */
export function startOfDay(day: string): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - CHINA_OFFSET_MS);
}

/** The day so many days later; earlier where negative. */
export function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day from the first to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  const end = Date.parse(`${last}T00:00:00Z`);
  // Not by the text: what comes after 9999-12-31 sorts before it.
  for (let at = Date.parse(`${first}T00:00:00Z`); at <= end; at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

/** First and last day of a month, YYYY-MM. */
export function daysOfMonth(month: string): { first: string; last: string } {
  const first = `${month}-01`;
  // The 28th and four days are in the next month, whichever this is.
  const next = `${dayPlus(`${month}-28`, 4).slice(0, -2)}01`;
  return { first, last: dayPlus(next, -1) };
}
