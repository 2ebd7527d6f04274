const HOUR = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  hourCycle: 'h23',
});

/** The hour on the clock on the committee's wall, 0 to 23, whatever time zone the machine was set to; `at` in ms. */
export function wallHour(at: number): number {
  return Number(HOUR.format(at));
}
