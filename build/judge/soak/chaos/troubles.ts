import { Dice } from '@bianmin/card/testing/dice';
import type { ServerPart } from '../own-clock.ts';
import type { Toxic } from './lines.ts';

/** Processes that may die or stand still. The grid is in the campaign's own, and does as if it were one. */
export type ChaosProgram =
  ServerPart | 'database' | 'redis' | 'cache' | 'wallet' | 'grid' | 'nginx' | 'haproxy';

/**
 * Between the terminals, phones and wallets and the server; and between the server and what it asks, where `…-2` is the
 * second node's way to it, which leads into the one of both.
 */
export type Line = (typeof BOTH)[number] | 'cache' | (typeof SECOND)[number];
const BOTH = ['web', 'database', 'redis', 'grid', 'wallet'] as const;
export const SECOND = ['database-2', 'redis-2', 'grid-2'] as const;

/** One thing that goes wrong, and for how long, ms. */
export type Trouble =
  /** Killed, and started again after that long. */
  | { readonly what: 'kill'; readonly whom: ChaosProgram; readonly ms: number }
  /** Ended gently and started again at once, as when a new version comes. */
  | { readonly what: 'restart'; readonly whom: ServerPart; readonly ms: 0 }
  /** It stands still, as on a machine that swaps or is moved. */
  | { readonly what: 'pause'; readonly whom: ChaosProgram; readonly ms: number }
  | { readonly what: 'cut'; readonly whom: Line; readonly ms: number }
  | { readonly what: 'spoil'; readonly whom: Line; readonly ms: number; readonly toxic: Toxic }
  /** There is no room for another byte: in Redis's memory, or on the database's disk. */
  | { readonly what: 'full'; readonly whom: 'redis' | 'cache' | 'database'; readonly ms: number }
  /** Its clock is so many ms off, and then right again. */
  | { readonly what: 'clock'; readonly whom: ServerPart; readonly ms: number; readonly byMs: number };

/** What there is to go wrong. */
export interface World {
  readonly nodes: 1 | 2;
  /** Whether clocks can be moved here. */
  readonly clocks: boolean;
  /** Whether the database has a disk that can be filled. */
  readonly disk: boolean;
  /** The furthest that a clock jumps ahead, ms: as long as that, something may be put off. */
  readonly aheadMs: number;
}

const LONGEST_MS = 8_000;
const BEHIND_MS = 600_000;
const SHORTEST_MS = 800;

export function serverParts(nodes: 1 | 2): readonly ServerPart[] {
  return nodes === 2 ? ['web', 'web-2', 'worker', 'worker-2'] : ['web', 'worker'];
}

function linesOf(nodes: 1 | 2): readonly Line[] {
  return nodes === 2 ? [...BOTH, 'cache', ...SECOND] : BOTH;
}

/** Every kind at every part once before any comes again, in the seed's order, each for as long as the seed says. */
export class TroubleDeck {
  readonly #dice: Dice;
  readonly #world: World;
  #left: (() => Trouble)[] = [];

  constructor(random: () => number, world: World) {
    this.#dice = new Dice(random);
    this.#world = world;
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
    const { nodes, clocks, disk, aheadMs } = this.#world;
    const ms = (): number => SHORTEST_MS + this.#dice.below(LONGEST_MS - SHORTEST_MS);
    const byMs = (): number => {
      const ahead = this.#dice.chance(0.5);
      const ofMs = this.#dice.below(ahead ? aheadMs : BEHIND_MS);
      return (ahead ? 1 : -1) * (5_000 + ofMs);
    };
    const parts = serverParts(nodes);
    const redises = nodes === 2 ? (['redis', 'cache'] as const) : (['redis'] as const);
    const proxy = nodes === 2 ? (['nginx', 'haproxy'] as const) : [];
    const programs: readonly ChaosProgram[] = [...parts, ...proxy, ...redises, 'database', 'wallet', 'grid'];
    const full = disk ? ([...redises, 'database'] as const) : redises;
    return [
      ...programs.flatMap((whom) => [
        () => ({ what: 'kill' as const, whom, ms: this.#dice.below(3_000) }),
        () => ({ what: 'pause' as const, whom, ms: ms() }),
      ]),
      ...parts.map((whom) => () => ({ what: 'restart' as const, whom, ms: 0 as const })),
      ...linesOf(nodes).flatMap((whom) => [
        () => ({ what: 'cut' as const, whom, ms: ms() }),
        () => ({ what: 'spoil' as const, whom, ms: ms(), toxic: this.#toxic() }),
      ]),
      ...full.map((whom) => () => ({ what: 'full' as const, whom, ms: ms() })),
      ...(clocks ? parts : []).map((whom) => () => ({
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
  if (what === 'restart') return `${whom}: restart`;
  return `${whom}: ${what} for ${seconds(ms)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
