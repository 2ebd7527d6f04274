import { setTimeout as sleep } from 'node:timers/promises';
import { Dice } from '@bianmin/card/testing/dice';
import type { Stack } from '../../run/dev/stack-contract.ts';
import { putOffFoundMs, WHOLE_CAMPAIGN, type GridTimes } from './grid-times.ts';
import { clocksMove, ownClock, setClock } from './own-clock.ts';

const PARTS = ['web', 'worker'] as const;
/** One jump for so many orders, but not fewer than two. */
const ORDERS_A_JUMP = 75;
/** How far at most, ms; in a short campaign less, since what is put off is waited for. */
const FAR_MS = 600_000;
const NEAR_MS = 60_000;
const LEAST_MS = 5_000;
/** For how long a clock stays wrong, ms. */
const STAYS_FROM_MS = 2_000;
const STAYS_WITHIN_MS = 6_000;

export interface ClockJumpsInit {
  readonly stack: Pick<Stack, 'dir' | 'restart'>;
  /** What the server runs on. */
  readonly times: GridTimes;
  readonly orders: number;
  /** 32 bits. */
  readonly random: () => number;
  readonly report: (line: string) => void;
}

/** Web's and worker's clocks jump, ahead and behind, at seeded moments, and are right again after some seconds. */
export class ClockJumps {
  readonly #dir: string;
  readonly #dice: Dice;
  readonly #farMs: number;
  readonly #foundMs: number;
  /** By purchase: at which something jumps. */
  readonly #at: ReadonlySet<number>;
  readonly #report: (line: string) => void;
  #jumps = 0;
  #putOffUntil = 0;
  #busy: Promise<void> = Promise.resolve();

  /** Starts both processes again, each with a clock of its own; without libfaketime nothing jumps. */
  static async open(init: ClockJumpsInit): Promise<ClockJumps> {
    const { stack, report } = init;
    const moves = clocksMove(report);
    for (const part of moves ? PARTS : []) await stack.restart(part, await ownClock(stack.dir, part));
    return new ClockJumps(init, moves);
  }

  private constructor({ stack, times, orders, random, report }: ClockJumpsInit, moves: boolean) {
    this.#dir = stack.dir;
    this.#dice = new Dice(random);
    this.#foundMs = putOffFoundMs(times);
    this.#farMs = orders >= WHOLE_CAMPAIGN ? FAR_MS : NEAR_MS;
    this.#report = report;
    const count = moves ? Math.max(2, Math.round(orders / ORDERS_A_JUMP)) : 0;
    this.#at = new Set(
      Array.from({ length: count }, (_, n) => 1 + Math.floor(((n + this.#share()) * orders) / count)),
    );
  }

  get jumps(): number {
    return this.#jumps;
  }

  /** How much longer than usual it may take until all is at rest: what a clock ahead put off is found after a while, ms. */
  get restMs(): number {
    return Math.min(this.#foundMs, Math.max(0, this.#putOffUntil - performance.now()));
  }

  /** So many purchases were begun. */
  reached(order: number): void {
    if (!this.#at.has(order)) return;
    this.#busy = this.#busy.then(() => this.#jump());
    // The caller that awaits `done` gets the error.
    this.#busy.catch(() => undefined);
  }

  /** When all clocks are right. */
  async done(): Promise<void> {
    await this.#busy;
  }

  async #jump(): Promise<void> {
    const part = PARTS[this.#jumps % PARTS.length] ?? 'web';
    this.#jumps += 1;
    const byMs = (this.#dice.chance(0.5) ? 1 : -1) * (LEAST_MS + this.#dice.below(this.#farMs - LEAST_MS));
    await setClock(this.#dir, part, byMs);
    await sleep(STAYS_FROM_MS + this.#dice.below(STAYS_WITHIN_MS));
    await setClock(this.#dir, part, 0);
    this.#putOffUntil = Math.max(this.#putOffUntil, performance.now() + byMs);
    this.#report(`${part}: clock ${(byMs / 1000).toFixed(0)} s off for a while`);
  }

  /** From 0 to 1. */
  #share(): number {
    return this.#dice.below(1_000) / 1_000;
  }
}
