import type { StatisticsCounts } from '@bianmin/purchase/api/statistics';

/** How long it took half of them, and in which words: seconds, minutes and seconds, or longer than is measured. */
export interface HalfTime {
  readonly key: 'seconds' | 'time' | 'timeOver';
  readonly minutes: number;
  readonly seconds: number;
}

export function minutesOf(median: StatisticsCounts['median']): HalfTime | undefined {
  if (median === null) return undefined;
  const [minutes, seconds] = [Math.floor(median.seconds / 60), median.seconds % 60];
  return { key: median.open ? 'timeOver' : minutes === 0 ? 'seconds' : 'time', minutes, seconds };
}

/** Yuan without the cents: they cannot be read from five metres. */
export function wholeYuan(fen: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(Math.floor(fen / 100));
}

/** Minutes until a moment; never less than none. */
export function minutesUntil(at: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(at) - now) / 60_000));
}

/** 博尔塔拉 of 博尔塔拉蒙古自治州: what kind of prefecture it is need not be read from five metres. */
export function shortName(name: string): string {
  return name.replace(/(?:(?:蒙古|回族|哈萨克|柯尔克孜)?自治州|地区|市)$/u, '');
}
