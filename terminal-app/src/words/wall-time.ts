const WALL = new Intl.DateTimeFormat('sv-SE', {
  ...{ timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' },
});

/** `2026-11-25 14:03`, as the clock on the committee's wall shows it: the same digits in every language. */
export function wallTime(at: string | number): string {
  return WALL.format(new Date(at));
}

/** The same without the year: `11-25 14:03`. */
export function shortWallTime(at: string): string {
  return wallTime(at).slice(5);
}
