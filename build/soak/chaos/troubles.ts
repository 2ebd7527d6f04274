import { Dice } from '../dice.ts';
import type { Toxic } from './lines.ts';

/** Between the terminals, phones and wallets and the server; and between the server and what it asks. */
export const LINES = ['web', 'database', 'redis', 'grid', 'wallet'] as const;
export type Line = (typeof LINES)[number];

/** Processes that may die or stand still. The grid is in the campaign's own process: its death is its line's. */
export const PROGRAMS = ['web', 'worker', 'database', 'redis', 'wallet'] as const;
export type ChaosProgram = (typeof PROGRAMS)[number];

/** One thing that goes wrong, and for how long, ms. */
export type Trouble =
  /** Killed, and started again after that long. A wallet is ended gently: its books are a file that it writes now and then. */
  | { readonly what: 'kill'; readonly whom: ChaosProgram; readonly ms: number }
  /** It stands still, as on a machine that swaps or is moved. */
  | { readonly what: 'pause'; readonly whom: ChaosProgram; readonly ms: number }
  | { readonly what: 'cut'; readonly whom: Line; readonly ms: number }
  | { readonly what: 'spoil'; readonly whom: Line; readonly ms: number; readonly toxic: Toxic }
  /** Redis has no room for another byte. */
  | { readonly what: 'full'; readonly whom: 'redis'; readonly ms: number }
  /** Its clock is so many ms off, and then right again. */
  | { readonly what: 'clock'; readonly whom: 'web' | 'worker'; readonly ms: number; readonly byMs: number };

const LONGEST_MS = 8_000;
const SHORTEST_MS = 800;

/** Every kind at every part once before any comes again, in the seed's order, each for as long as the seed says. */
export class TroubleDeck {
  readonly #dice: Dice;
  readonly #clocks: boolean;
  #left: (() => Trouble)[] = [];

  /** `clocks`: whether clocks can be moved here. */
  constructor(random: () => number, clocks: boolean) {
    this.#dice = new Dice(random);
    this.#clocks = clocks;
  }

  next(): Trouble {
    if (this.#left.length === 0) this.#left = this.#all();
    const [card] = this.#left.splice(this.#dice.below(this.#left.length), 1);
    if (card === undefined) throw new Error('There is no trouble.');
    return card();
  }

  /** How long it is quiet before the next, ms. */
  pause(): number {
    return 300 + this.#dice.below(2_000);
  }

  #all(): (() => Trouble)[] {
    const ms = (): number => SHORTEST_MS + this.#dice.below(LONGEST_MS - SHORTEST_MS);
    const byMs = (): number => (this.#dice.chance(0.5) ? 1 : -1) * 1_000 * (5 + this.#dice.below(600));
    return [
      ...PROGRAMS.flatMap((whom) => [
        () => ({ what: 'kill' as const, whom, ms: this.#dice.below(3_000) }),
        () => ({ what: 'pause' as const, whom, ms: ms() }),
      ]),
      ...LINES.flatMap((whom) => [
        () => ({ what: 'cut' as const, whom, ms: ms() }),
        () => ({ what: 'spoil' as const, whom, ms: ms(), toxic: this.#toxic() }),
      ]),
      () => ({ what: 'full', whom: 'redis', ms: ms() }),
      ...(this.#clocks ? (['web', 'worker'] as const) : []).map((whom) => () => ({
        what: 'clock' as const,
        whom,
        ms: ms(),
        byMs: byMs(),
      })),
    ];
  }

  #toxic(): Toxic {
    return this.#dice.pick<() => Toxic>([
      () => ({ type: 'latency', attributes: { latency: 100 + this.#dice.below(900), jitter: 100 } }),
      () => ({ type: 'bandwidth', attributes: { rate: 4 + this.#dice.below(40) } }),
      () => ({ type: 'timeout', attributes: { timeout: 0 } }),
      () => ({ type: 'reset_peer', attributes: { timeout: this.#dice.below(500) } }),
      () => ({ type: 'slicer', attributes: { average_size: 64, size_variation: 32, delay: 500 } }),
    ])();
  }
}

/** For a timeline: what it was, for people. */
export function said(trouble: Trouble): string {
  const { what, whom, ms } = trouble;
  if (what === 'spoil') return `${whom}: ${trouble.toxic.type} for ${seconds(ms)}`;
  if (what === 'clock') return `${whom}: clock ${seconds(trouble.byMs)} off for ${seconds(ms)}`;
  return `${whom}: ${what} for ${seconds(ms)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
