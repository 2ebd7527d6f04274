import type { Dice } from '@bianmin/card/testing/dice';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { Fault } from '../faults.ts';
import type { RefundBend } from '../fake-channel-refunds.ts';
import type { Turns } from './turns.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FAULTS: readonly Fault[] = ['unavailable', 'unavailable', 'lost-request', 'lost-answer', 'late'];

/** What can be away for a while: a part, or what it does while its questions are still answered. */
export type Part = 'grid' | Channel | 'sales' | 'refunds' | 'redis' | 'queue';
const PARTS: readonly Part[] = [
  'grid',
  'grid',
  'sales',
  'sales',
  'wechat',
  'alipay',
  'refunds',
  'refunds',
  'redis',
  'queue',
];

/** Between a discount's hold and its order. */
const HOLDING: ReadonlySet<string> = new Set(['make', 'reserve', 'insert order']);

interface Outage {
  readonly part: Part;
  readonly from: number;
  readonly until: number;
}

/**
 * What goes wrong in one simulation, and how often. Each has its own share of everything, and often none of something: where
 * all goes wrong at once, nothing gets far enough to go wrong in a new way.
 */
export class Weather {
  /** From now on nothing goes wrong, and no call waits. */
  calm = false;
  /** Of all calls: those at which their process dies. */
  readonly deaths: number;
  /** Of all calls: those that stand still for a while, on their way there or back. */
  readonly #slow: number;
  readonly #grid: number;
  readonly #wallets: number;
  readonly #lags: number;
  readonly #bends: number;
  readonly #jobs: number;
  /** So many workers take the same job. */
  readonly #crowd: number;
  readonly #forgotten: number;
  readonly #doubled: number;
  /** Of notifications: those that a wallet does not get through, each time. */
  readonly notices: number;
  /** Refunds are worked on for a while before they are done. */
  readonly refundsTakeTime: boolean;
  readonly #outages: readonly Outage[];
  readonly #dice: Dice;
  readonly #turns: Turns;

  constructor(dice: Dice, turns: Turns) {
    this.#dice = dice;
    this.#turns = turns;
    const some = (...shares: readonly number[]): number => dice.pick(shares);
    this.deaths = some(0, 0, 0.002, 0.01);
    this.#slow = some(0, 0.02, 0.1, 0.3);
    this.#grid = some(0, 0.1, 0.3);
    this.#wallets = some(0, 0.1, 0.3);
    this.#lags = some(0, 0, 0.2, 0.5);
    this.#bends = some(0, 0, 0, 0.3);
    this.#jobs = some(0, 0.2, 0.5, 1);
    this.#forgotten = some(0, 0, 0.1);
    this.#doubled = some(0, 0.1, 0.3);
    this.notices = some(0, 0.3, 0.8);
    this.refundsTakeTime = dice.chance(0.5);
    this.#crowd = some(1, 1, 2, 4);
    turns.haste = some(0, 0.02, 0.1);
    turns.grainMs = some(1, SECOND, 10 * SECOND, 20 * SECOND);
    this.#outages = Array.from({ length: dice.pick([0, 0, 1, 2, 3]) }, () => this.#outage());
  }

  /** When the last thing that was away is back, ms. */
  get clearsAt(): number {
    return Math.max(this.#turns.now(), ...this.#outages.map(({ until }) => until));
  }

  /** The longest that anything was away, ms. */
  get longestOutageMs(): number {
    return Math.max(0, ...this.#outages.map(({ from, until }) => until - from));
  }

  isAway(part: Part): boolean {
    const now = this.#turns.now();
    return (
      !this.calm && this.#outages.some((each) => each.part === part && each.from <= now && now < each.until)
    );
  }

  gridFault(operation: string): Fault {
    const sells = ['sell', 'payAccount', 'remoteCredit'].includes(operation);
    if (sells && this.isAway('sales')) return 'unavailable';
    return this.#fault('grid', this.#grid);
  }

  walletFault(channel: Channel, operation: string): Fault {
    // An account there that cannot pay.
    if (operation.endsWith('.refund') && this.isAway('refunds')) return 'unavailable';
    return this.#fault(channel, this.#wallets);
  }

  /** How old what a wallet answers a question from is, ms. */
  lagMs(): number {
    return this.#happens(this.#lags) ? this.#dice.below(20 * SECOND) : 0;
  }

  /** What a wallet makes of a refund. */
  bend(): RefundBend {
    return this.#happens(this.#bends) ? this.#dice.pick(['less', 'abnormal']) : 'none';
  }

  /** How often a job is handed out. */
  copies(): number {
    if (this.isAway('queue') || this.#happens(this.#jobs)) return 0;
    return this.#crowd;
  }

  /** Whether Redis loses what it is told now. */
  forgets(): boolean {
    return this.#happens(this.#forgotten);
  }

  /** Whether a request comes twice. */
  doubles(): boolean {
    return this.#happens(this.#doubled);
  }

  /** Until a request that was lost to us arrives, ms: mostly within the horizon. */
  lateMs(): number {
    return SECOND + this.#dice.below(this.#dice.chance(0.2) ? 10 * MINUTE : MINUTE);
  }

  /** How long a call stands still on its way. */
  delayMs(operation: string): number {
    if (!this.#happens(this.#slow)) return 0;
    if (!this.#dice.chance(0.1)) return this.#spread(50, MINUTE);
    // Longer than a discount's hold waits for its order.
    return HOLDING.has(operation) ? this.#spread(10 * MINUTE, 120 * MINUTE) : this.#spread(50, 20 * MINUTE);
  }

  #happens(share: number): boolean {
    return !this.calm && this.#dice.chance(share);
  }

  #fault(part: Part, share: number): Fault {
    if (this.isAway(part)) return this.#dice.chance(0.7) ? 'unavailable' : 'lost-request';
    return this.#happens(share) ? this.#dice.pick(FAULTS) : 'none';
  }

  #outage(): Outage {
    const from = this.#turns.now() + this.#dice.below(40 * MINUTE);
    return { part: this.#dice.pick(PARTS), from, until: from + this.#spread(2 * MINUTE, 240 * MINUTE) };
  }

  /** As often between one and two as between ten and twenty. */
  #spread(least: number, most: number): number {
    const share = this.#dice.below(1_000_000) / 1_000_000;
    return Math.round(least * (most / least) ** share);
  }
}
