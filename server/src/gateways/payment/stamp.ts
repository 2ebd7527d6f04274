import { chinaClock } from '../../kernel/china-time.ts';

/** `yyyy-MM-dd HH:mm:ss` in China's time, rounded down. */
export function chinaStamp(ms: number): string {
  return chinaClock(new Date(ms)).replace('T', ' ');
}

/** The moment of such a text; undefined where it is none. Fractions of a second, which some calls give, are dropped. */
export function momentOfStamp(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,3})?$/u.exec(text);
  if (match === null) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}+08:00`);
  // A day that the calendar does not have rolls over to the next month.
  return Number.isNaN(at) || chinaStamp(at) !== text.slice(0, 19) ? undefined : new Date(at);
}
