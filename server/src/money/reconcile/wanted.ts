import { dayPlus, startOfDay } from '../../kernel/china-time.ts';
import type { DayRange } from '../../orders/store/order-days.ts';
import type { Item } from './items.ts';
import { paperOf, type ReconciledOrder } from './order-items.ts';

/** Which of an order's items the files of some days have: those of a moment on them, of which there is a paper. */
export class Wanted {
  readonly days: DayRange;
  readonly #fromMs: number;
  readonly #toMs: number;
  /** The same as ISO 8601 in UTC with milliseconds, which is ordered like time. */
  readonly #from: string;
  readonly #to: string;
  readonly #withoutPapers: ReadonlySet<string>;

  /** `withoutPapers`: sources that have no bills, `channel:bestpay`. */
  constructor(days: DayRange, withoutPapers: Iterable<string> = []) {
    const [from, to] = [startOfDay(days.first), startOfDay(dayPlus(days.last, 1))];
    this.days = days;
    [this.#fromMs, this.#toMs] = [from.getTime(), to.getTime()];
    [this.#from, this.#to] = [from.toISOString(), to.toISOString()];
    this.#withoutPapers = new Set(withoutPapers);
  }

  has(order: ReconciledOrder, item: Item): boolean {
    return item.at >= this.#from && item.at < this.#to && this.hasPaper(paperOf(order, item));
  }

  /** Whether a moment, in ms since the epoch, is on these days; an unknown one is not. */
  hasMoment(ms: number | undefined): ms is number {
    return ms !== undefined && ms >= this.#fromMs && ms < this.#toMs;
  }

  hasPaper(source: string): boolean {
    return !this.#withoutPapers.has(source);
  }
}
