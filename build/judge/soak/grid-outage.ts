import { setTimeout as sleep } from 'node:timers/promises';
import type { GridSandbox } from '../../../server/sandbox/grid/sandbox.ts';
import { WHOLE_CAMPAIGN } from './grid-times.ts';

/** So many households stand before their terminals when it begins, or as many as come in this time, ms; their codes live longer. */
const CROWD = 12;
const GATHERS_MS = 5_000;
/** At its beginning so many sales are still worked on, and their answers do not come. */
const UNHEARD_SALES = 4;
const UNHEARD_MS = 2_000;
const LOOK_EVERY_MS = 50;
/** An hour, as a campaign's time goes: longer than the server's waits grow. */
const HOUR_MS = 240_000;
const SHORTEST_MS = 24_000;

/** When households wait, so that what they buy is bought at a certain time. */
export interface Holding {
  /** With the card read, before the order is made. */
  beforeOrder(): Promise<void>;
  /** With the order made, before anybody pays for it. */
  beforePaying(orderNo: string): Promise<void>;
}

/** How long the grid is away in a campaign of so many orders, ms. */
export function awayMs(orders: number): number {
  return Math.max(SHORTEST_MS, Math.round(Math.min(1, orders / WHOLE_CAMPAIGN) * HOUR_MS));
}

export interface GridOutageInit {
  readonly grid: GridSandbox;
  /** At which purchase it begins. */
  readonly at: number;
  readonly ms: number;
  /** 32 bits. */
  readonly random: () => number;
  readonly report: (line: string) => void;
}

/**
 * The grid is away once for an hour: first its sales go unanswered, then all calls do, then its process is gone.
 * No card can be read meanwhile, so that those who buy in it had theirs read before: some pay as it begins, the others make
 * their orders at some moment in it.
 */
export class GridOutage implements Holding {
  /** What was paid for while the grid was away. */
  readonly orders = new Set<string>();
  readonly #init: GridOutageInit;
  #phase: 'before' | 'gathering' | 'away' | 'over' = 'before';
  #waiting = 0;
  #came = 0;
  #endsAt = 0;
  #run: Promise<void> | undefined;

  constructor(init: GridOutageInit) {
    this.#init = init;
  }

  /** So many purchases were begun. */
  reached(order: number): void {
    if (order < this.#init.at || this.#run !== undefined) return;
    this.#run = this.#happen();
    // The caller that awaits `done` gets the error.
    this.#run.catch(() => undefined);
  }

  /** When the grid is back. */
  async done(): Promise<void> {
    await this.#run;
  }

  async beforeOrder(): Promise<void> {
    if (this.#phase !== 'gathering') return;
    this.#came += 1;
    if (this.#came % 2 === 0) return;
    await this.#begun();
    const left = this.#endsAt - performance.now();
    await sleep((0.95 * left * this.#init.random()) / 2 ** 32);
  }

  async beforePaying(orderNo: string): Promise<void> {
    if (this.#phase === 'gathering') await this.#begun();
    if (this.#phase === 'away') this.orders.add(orderNo);
  }

  async #begun(): Promise<void> {
    this.#waiting += 1;
    while (this.#phase === 'gathering') await sleep(LOOK_EVERY_MS);
  }

  async #happen(): Promise<void> {
    const { grid, ms, report } = this.#init;
    this.#phase = 'gathering';
    const patience = performance.now() + GATHERS_MS;
    while (this.#waiting < CROWD && performance.now() < patience) await sleep(LOOK_EVERY_MS);
    report(`The grid is away for ${(ms / 1000).toFixed(0)} s; ${this.#waiting} households wait`);
    grid.faults.set({ operation: 'sell', fault: 'delay', ms, times: UNHEARD_SALES });
    this.#endsAt = performance.now() + ms;
    this.#phase = 'away';
    await sleep(UNHEARD_MS);
    const goOn = grid.standStill();
    await sleep(ms / 2 - UNHEARD_MS);
    const revive = await grid.die();
    goOn();
    await sleep(this.#endsAt - performance.now());
    await revive();
    this.#phase = 'over';
    report(`The grid is back; ${this.orders.size} orders were paid for meanwhile`);
  }
}
