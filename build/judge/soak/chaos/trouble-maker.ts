import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { isInFront, type Span } from './deadlines.ts';
import type { FirstCustomers } from './first-customers.ts';
import type { Province } from './province.ts';
import { hasStandIn, type Selling } from './selling.ts';
import { said, type Trouble, type TroubleDeck } from './troubles.ts';

/** What one trouble did, as it is told at the end. */
export interface Happening {
  readonly trouble: Trouble;
  /** From the first purchase, ms. */
  readonly atMs: number;
  /** Until all was as before, ms: with the start of what was killed. */
  readonly tookMs: number;
  /** Orders that were made meanwhile. */
  readonly orders: number;
  /** Of a freeze: how long nothing was sold, ms; after the thaw, or all along where another of its kind went on. */
  readonly backMs?: number;
}

export interface TroubleMakerInit {
  readonly province: Province;
  readonly deck: TroubleDeck;
  /** No new trouble after this, ms. */
  readonly forMs: number;
  /** Orders made so far. */
  readonly orders: () => number;
  readonly selling: Selling;
  /** Come to buy after each freeze. */
  readonly customers: FirstCustomers;
  readonly report: (line: string) => void;
}

/** One trouble after the other, from the first purchase on; each is mended before the next begins. */
export class TroubleMaker {
  readonly happened: Happening[] = [];
  readonly #init: TroubleMakerInit;
  #busy: Promise<void> | undefined;
  #over = false;
  #beganAt = 0;

  constructor(init: TroubleMakerInit) {
    this.#init = init;
  }

  get kills(): number {
    return this.happened.filter(({ trouble }) => trouble.what === 'kill').length;
  }

  /** When something was in front of web. */
  inFront(): Span[] {
    const { nodes } = this.#init.province.world;
    return this.happened
      .filter(({ trouble }) => isInFront(trouble, nodes))
      .map(({ trouble, atMs, tookMs }) => {
        const fromMs = this.#beganAt + atMs;
        // Of a freeze, without the time until something was sold again.
        return { fromMs, toMs: fromMs + (trouble.what === 'freeze' ? trouble.ms : tookMs) };
      });
  }

  reached(): void {
    this.#busy ??= this.#make();
    // The caller that awaits `done` gets the error.
    this.#busy.catch(() => undefined);
  }

  /** When the last trouble is mended; fails where something does not come back. */
  async done(): Promise<void> {
    this.#over = true;
    await this.#busy;
    await this.#init.customers.gone();
  }

  async #make(): Promise<void> {
    const { deck, forMs, orders, report } = this.#init;
    const from = performance.now();
    this.#beganAt = from;
    for (;;) {
      await sleep(deck.pause());
      const leftMs = from + forMs - performance.now();
      if (this.#over || leftMs < 0) return;
      const trouble = deck.next();
      // While nobody buys any more, nobody sees what a freeze does.
      if (trouble.what === 'freeze' && trouble.ms > leftMs) continue;
      const [atMs, before] = [performance.now() - from, orders()];
      let backMs: number | undefined;
      if (trouble.what === 'freeze') backMs = await this.#freeze(trouble);
      else await this.#suffer(trouble);
      const tookMs = performance.now() - from - atMs;
      const made = orders() - before;
      this.happened.push({
        trouble,
        atMs,
        tookMs,
        orders: made,
        ...(backMs === undefined ? {} : { backMs }),
      });
      report(
        `+${(atMs / 1000).toFixed(0)} s ${said(trouble)}; ${(tookMs / 1000).toFixed(1)} s, ${made} orders${backSaid(backMs)}`,
      );
    }
  }

  /** Gives how long nothing was sold, ms. */
  async #freeze(trouble: Trouble & { what: 'freeze' }): Promise<number> {
    const { province, selling, customers } = this.#init;
    const thaw = await province.freeze(trouble.whom);
    const fromMs = performance.now();
    await sleep(trouble.ms);
    const toMs = performance.now();
    thaw();
    const afterMs = await customers.during(selling.back(toMs));
    if (!hasStandIn(trouble, province.world.nodes)) return afterMs;
    return Math.max(afterMs, selling.stillMs({ fromMs, toMs }));
  }

  async #suffer(trouble: Exclude<Trouble, { what: 'freeze' }>): Promise<void> {
    const { province } = this.#init;
    const { lines } = province;
    switch (trouble.what) {
      case 'kill': {
        const revive = await province.kill(trouble.whom);
        await sleep(trouble.ms);
        return revive();
      }
      case 'restart':
        return province.restart(trouble.whom);
      case 'pause': {
        const goOn = province.standStill(trouble.whom);
        await sleep(trouble.ms);
        return goOn();
      }
      case 'cut':
        await lines.cut(trouble.whom);
        await sleep(trouble.ms);
        return lines.join(trouble.whom);
      case 'spoil':
        await lines.spoil(trouble.whom, trouble.toxic);
        await sleep(trouble.ms);
        return lines.mend(trouble.whom);
      case 'full':
        return trouble.whom === 'database' ? this.#fillDisk(trouble.ms) : this.#fillRedis(trouble);
      case 'clock':
        await province.setClock(trouble.whom, trouble.byMs);
        await sleep(trouble.ms);
        return province.setClock(trouble.whom, 0);
    }
  }

  async #fillRedis({ whom, ms }: { whom: Trouble['whom']; ms: number }): Promise<void> {
    if (whom !== 'redis' && whom !== 'cache') throw new Error(`${whom} is no Redis.`);
    await withRedis(this.#init.province.redisUrl(whom), async (redis) => {
      const [, before = '0'] = z.array(z.string()).parse(await redis.config('GET', 'maxmemory'));
      await redis.config('SET', 'maxmemory', '1');
      await sleep(ms);
      await redis.config('SET', 'maxmemory', before);
    });
  }

  /** The engine gives up where it cannot write, and must be started again once there is room: what a supervisor does. */
  async #fillDisk(ms: number): Promise<void> {
    const { province } = this.#init;
    province.disk?.fill();
    await sleep(ms);
    await province.disk?.makeRoom();
    const revive = await province.kill('database');
    await revive();
  }
}

async function withRedis(url: string, ask: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(url);
  try {
    await ask(redis);
  } finally {
    redis.disconnect();
  }
}

function backSaid(ms: number | undefined): string {
  return ms === undefined ? '' : `; nothing sold for ${(ms / 1000).toFixed(1)} s`;
}
