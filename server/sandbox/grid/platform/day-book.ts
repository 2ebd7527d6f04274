import { beijing } from '../tariff/tariff.ts';

/** One cut of the books, as data. */
export interface DayCut {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * 日切: which day a booking belongs to. A day ends at midnight in Beijing, or earlier, when it is cut; whatever
 * is booked after the cut belongs to the next day, however early it still is.
 */
export class DayBook {
  readonly #cuts: DayCut[];
  readonly #now: () => number;

  constructor(cuts: readonly DayCut[], now: () => number) {
    this.#cuts = [...cuts];
    this.#now = now;
  }

  /** The day that is open now. */
  open(): string {
    const today = beijing(this.#now()).slice(0, 10);
    const last = this.#cuts.at(-1);
    if (last === undefined) return today;
    const next = dayAfter(last.day);
    return next > today ? next : today;
  }

  /** Ends the day that is open. */
  cut(): DayCut {
    const cut = { day: this.open(), at: iso(this.#now()) };
    this.#cuts.push(cut);
    return cut;
  }

  /** When a day was cut; undefined while it is open, or has not come. */
  cutAt(day: string): string | undefined {
    const cut = this.#cuts.find((known) => known.day === day);
    if (cut !== undefined) return cut.at;
    return day < this.open() ? `${dayAfter(day)}T00:00:00+08:00` : undefined;
  }

  /** For a booking made now. */
  moment(): Moment {
    return { at: iso(this.#now()), day: this.open() };
  }

  stored(): readonly DayCut[] {
    return this.#cuts;
  }
}

/** When something was booked, and into which day. */
export interface Moment {
  /** ISO 8601, Beijing. */
  readonly at: string;
  readonly day: string;
}

/** ISO 8601 in Beijing's time. */
export function iso(at: number): string {
  return beijing(at).replace('Z', '+08:00');
}

export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
