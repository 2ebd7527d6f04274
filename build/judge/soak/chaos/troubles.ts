import { Dice } from '@bianmin/card/testing/dice';
import type { ServerPart } from '../own-clock.ts';
import type { Toxic } from './lines.ts';

/**
 * Processes that may die or stand still. The grid is in the campaign's own, and does as if it were one; `primary` is the Redis
 * that sentinels watch, in the place of `redis`.
 */
export type ChaosProgram = Mortal | 'primary';
export type Mortal = ServerPart | 'database' | 'redis' | 'cache' | 'wallet' | 'grid' | 'nginx' | 'haproxy';

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
  | { readonly what: 'kill'; readonly whom: Mortal; readonly ms: number }
  /** Ended gently and started again at once, as when a new version comes. */
  | { readonly what: 'restart'; readonly whom: ServerPart; readonly ms: 0 }
  /** It stands still, as on a machine that swaps or is moved. */
  | { readonly what: 'pause'; readonly whom: Mortal; readonly ms: number }
  /** The same, for longer than those who wait for it have patience. */
  | { readonly what: 'freeze'; readonly whom: ChaosProgram; readonly ms: number }
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
  /** Whether sentinels watch the Redis of queues: no line leads to it then, since they name it. */
  readonly sentinels: boolean;
  /** The furthest that a clock jumps ahead, ms: as long as that, something may be put off. */
  readonly aheadMs: number;
  /** The longest that anything is frozen, ms. */
  readonly frozenMs: number;
  /** Those alone whose name has this in it: `database freeze`. Absent: all. */
  readonly only?: string;
}

/** A trouble that may come, and what draws it. */
interface Card {
  /** By what `only` knows it. */
  readonly name: string;
  readonly draw: () => Trouble;
}

const LONGEST_MS = 8_000;
/** Of a freeze: longer than a pause that is no fault, and than most of our own deadlines. */
const SHORTEST_FREEZE_MS = 5_000;
/** What chance is counted in. */
const PARTS = 1_000_000;
const BEHIND_MS = 600_000;
const SHORTEST_MS = 800;

export function serverParts(nodes: 1 | 2): readonly ServerPart[] {
  return nodes === 2 ? ['web', 'web-2', 'worker', 'worker-2'] : ['web', 'worker'];
}

function linesOf({ nodes, sentinels }: World): readonly Line[] {
  const all: readonly Line[] = nodes === 2 ? [...BOTH, 'cache', ...SECOND] : BOTH;
  return sentinels ? all.filter((line) => !line.startsWith('redis')) : all;
}

function redisesOf({ nodes, sentinels }: World): readonly ('redis' | 'cache')[] {
  return [...(sentinels ? [] : (['redis'] as const)), ...(nodes === 2 ? (['cache'] as const) : [])];
}

function card(what: Trouble['what'], whom: Trouble['whom'], draw: () => Trouble): Card {
  return { name: `${whom} ${what}`, draw };
}

/** Every kind at every part once before any comes again, in the seed's order, each for as long as the seed says. */
export class TroubleDeck {
  readonly #dice: Dice;
  readonly #world: World;
  #left: Card[] = [];

  constructor(random: () => number, world: World) {
    this.#dice = new Dice(random);
    this.#world = world;
  }

  next(): Trouble {
    if (this.#left.length === 0) this.#left = this.#all();
    const [card] = this.#left.splice(this.#dice.below(this.#left.length), 1);
    if (card === undefined) throw new Error('There is no such trouble.');
    return card.draw();
  }

  /** How long it is quiet before the next, ms. */
  pause(): number {
    return 300 + this.#dice.below(2_000);
  }

  #all(): Card[] {
    const { only = '' } = this.#world;
    return [...this.#ofPrograms(), ...this.#ofServer(), ...this.#ofLines(), ...this.#ofStores()].filter(
      ({ name }) => name.includes(only),
    );
  }

  #ofPrograms(): Card[] {
    const { nodes, sentinels } = this.#world;
    const proxies = nodes === 2 ? (['nginx', 'haproxy'] as const) : [];
    const programs: readonly Mortal[] = [
      ...[...serverParts(nodes), ...proxies, ...redisesOf(this.#world)],
      ...(['database', 'wallet', 'grid'] as const),
    ];
    const freeze = (whom: ChaosProgram): Card =>
      card('freeze', whom, () => ({ what: 'freeze', whom, ms: this.#frozenMs() }));
    return [
      ...programs.flatMap((whom) => [
        card('kill', whom, () => ({ what: 'kill', whom, ms: this.#dice.below(3_000) })),
        card('pause', whom, () => ({ what: 'pause', whom, ms: this.#ms() })),
        freeze(whom),
      ]),
      ...(sentinels ? [freeze('primary')] : []),
    ];
  }

  #ofServer(): Card[] {
    const { nodes, clocks } = this.#world;
    const parts = serverParts(nodes);
    return [
      ...parts.map((whom) => card('restart', whom, () => ({ what: 'restart', whom, ms: 0 }))),
      ...(clocks ? parts : []).map((whom) =>
        card('clock', whom, () => ({ what: 'clock', whom, ms: this.#ms(), byMs: this.#byMs() })),
      ),
    ];
  }

  #ofLines(): Card[] {
    return linesOf(this.#world).flatMap((whom) => [
      card('cut', whom, () => ({ what: 'cut', whom, ms: this.#ms() })),
      card('spoil', whom, () => ({ what: 'spoil', whom, ms: this.#ms(), toxic: this.#toxic() })),
    ]);
  }

  #ofStores(): Card[] {
    const { disk } = this.#world;
    const full = [...redisesOf(this.#world), ...(disk ? (['database'] as const) : [])];
    return full.map((whom) => card('full', whom, () => ({ what: 'full', whom, ms: this.#ms() })));
  }

  #ms(): number {
    return SHORTEST_MS + this.#dice.below(LONGEST_MS - SHORTEST_MS);
  }

  /** As many of up to ten seconds as of ten to twenty, and of each further doubling: the longest are rare. */
  #frozenMs(): number {
    const doublings = Math.log2(Math.max(1, this.#world.frozenMs / SHORTEST_FREEZE_MS));
    return Math.round(SHORTEST_FREEZE_MS * 2 ** ((doublings * this.#dice.below(PARTS)) / PARTS));
  }

  #byMs(): number {
    const ahead = this.#dice.chance(0.5);
    const ofMs = this.#dice.below(ahead ? this.#world.aheadMs : BEHIND_MS);
    return (ahead ? 1 : -1) * (5_000 + ofMs);
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
