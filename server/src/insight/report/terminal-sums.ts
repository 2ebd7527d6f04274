import { addCounts, type Counts, type Sums } from './counts.ts';
import { takeOver } from './take-over.ts';

/** Terminals of residents' own phones are one. */
const PHONES = 'phone';

/** Of which terminal, in which month (YYYY-MM) or year (YYYY). */
export interface TerminalKey {
  readonly period: string;
  /** Its key, `terminalKey`. */
  readonly terminal: string;
}

/** What a terminal sold in each place that it stood in: a path from the province down, joined by `/`. */
export interface TerminalSums extends TerminalKey {
  readonly places: ReadonlyMap<string, Counts>;
}

/** Sums of single terminals, as they are being made. */
export class TerminalSet {
  readonly #sums = new Map<string, TerminalKey & { places: Map<string, Sums> }>();

  /** To the month and the year of a day. */
  add(of: { terminal: string; path: readonly string[]; day: string; counts: Counts }): void {
    const place = of.path.join('/');
    for (const period of [of.day.slice(0, 7), of.day.slice(0, 4)]) {
      const { places } = this.#of({ period, terminal: of.terminal });
      const known = places.get(place) ?? {};
      addCounts(known, of.counts);
      places.set(place, known);
    }
  }

  /** Takes out those that nothing is added to any more: of periods that ended before this day. */
  takeBefore(day: string): TerminalSums[] {
    return takeOver(this.#sums, day);
  }

  takeAll(): TerminalSums[] {
    return takeOver(this.#sums);
  }

  #of(key: TerminalKey): { places: Map<string, Sums> } {
    const id = terminalSumsId(key);
    const made = this.#sums.get(id) ?? { ...key, places: new Map<string, Sums>() };
    this.#sums.set(id, made);
    return made;
  }
}

export const terminalSumsId = ({ period, terminal }: TerminalKey): string => `${period}:${terminal}`;

/** As a field's name must be. */
export function terminalKey(terminalId: string): string {
  return terminalId.startsWith('payer:') ? PHONES : terminalId.replace(/[.$]/gu, '_');
}

/** All organisations that a terminal stood below. */
export function pathOf({ places }: Pick<TerminalSums, 'places'>): string[] {
  return [...new Set([...places.keys()].flatMap((place) => place.split('/')))];
}

/** As an update adds it: paths of fields with what each grows by. */
export function terminalIncrements({ places }: Pick<TerminalSums, 'places'>): Record<string, number> {
  const increments: Record<string, number> = {};
  for (const [place, counts] of places) {
    for (const [name, value] of Object.entries(counts) as [string, number][]) {
      if (value === 0) continue;
      increments[`places.${place}.${name}`] = value;
      increments[`all.${name}`] = (increments[`all.${name}`] ?? 0) + value;
    }
  }
  return increments;
}
