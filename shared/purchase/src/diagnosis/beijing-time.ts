const OFFSET_MS = 8 * 3_600_000;

/** `14:20` of today, `11-28 14:20` of another day of this year, else `2025-11-28 14:20`: Beijing's, on a phone without `Intl`, too. */
export function beijingTime(at: string, now: string): string {
  const [time, today] = [wallOf(at), wallOf(now)];
  if (time.slice(0, 10) === today.slice(0, 10)) return time.slice(11);
  return time.slice(0, 4) === today.slice(0, 4) ? time.slice(5) : time;
}

function wallOf(at: string): string {
  return new Date(Date.parse(at) + OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ');
}
