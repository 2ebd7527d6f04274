import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { GridError } from '../../gateways/grid/error.ts';
import type { VendorCredit } from '../../gateways/grid/vendor-credit.ts';
import { MemoryVendorCredit } from '../../testing/memory-vendor-credit.ts';
import { watchedLog } from '../../testing/watched-log.ts';
import { SUM_MS, type VendorCreditStore } from './credit-store.ts';
import { VendorCredits } from './vendor-credits.ts';

const PAID_IN = 1_000;

/** A grid with our deposit, the orders that are stored, and two processes that hold against it. */
class Town {
  readonly clock = new ManualClock();
  readonly store: VendorCreditStore;
  readonly webs: readonly VendorCredits[];
  /** Held, and not stored yet. */
  readonly coming: { fen: number; at: number }[] = [];
  readonly stored: number[] = [];
  soldFen = 0;
  /** How often it was asked what is left. */
  questions = 0;
  tells = true;
  /** Whether it answers what is left. */
  says = true;
  batch: VendorCredit['batch'] = 'open';

  constructor(store: VendorCreditStore = new MemoryVendorCredit()) {
    this.store = store;
    const orders = { faceFenIn: () => Promise.resolve(this.stored.reduce((sum, fen) => sum + fen, 0)) };
    const grid = {
      vendorCredit: () => {
        this.questions += 1;
        return Promise.resolve(this.says ? this.credit() : null);
      },
    };
    const web = (): VendorCredits =>
      new VendorCredits({ store, orders, grid, clock: this.clock, log: watchedLog() });
    this.webs = [web(), web()];
  }

  credit(): VendorCredit {
    const asOf = new Date(this.clock.now()).toISOString();
    return { availableFen: PAID_IN - this.soldFen, asOf, batch: this.batch };
  }

  async hold(web: number, fen: number): Promise<void> {
    if (await this.webs[web]?.hold(fen)) this.coming.push({ fen, at: this.clock.now() });
  }

  /** Every order is stored before its time is over. */
  pass(ms: number): void {
    this.clock.jump(ms);
    const late = this.coming.filter(({ at }) => this.clock.now() - at >= SUM_MS - 1000);
    for (const { fen } of late) this.stored.push(fen);
    this.coming.splice(0, this.coming.length, ...this.coming.filter((each) => !late.includes(each)));
  }

  async sell(web: number): Promise<void> {
    const fen = this.stored.shift();
    if (fen === undefined) return;
    this.soldFen += fen;
    await this.webs[web]?.sold(fen, this.tells ? this.credit() : undefined);
  }

  underWay(): number {
    return (
      this.stored.reduce((sum, fen) => sum + fen, 0) + this.coming.reduce((sum, { fen }) => sum + fen, 0)
    );
  }
}

describe('what is held against our credit at the grid', () => {
  it.each([true, false])(
    'is never more than there is, whichever process holds it (told with sales: %s)',
    async (tells) => {
      const web = fc.nat({ max: 1 });
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.tuple(web, fc.constantFrom(50, 100, 300)) },
        fc.constantFrom(0, 500, 1_000, 2_500, 6_000, 11_000),
        web.map((at) => ({ sells: at })),
        fc.constant('ask' as const),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
          const town = new Town();
          town.tells = tells;
          await town.webs[0]?.ask();
          for (const each of steps) {
            if (each === 'ask') await town.webs[0]?.ask();
            else if (typeof each === 'number') for (let at = 0; at < each; at += 500) town.pass(500);
            else if ('sells' in each) await town.sell(each.sells);
            else await town.hold(...each);
            expect(town.underWay() + town.soldFen).toBeLessThanOrEqual(PAID_IN);
          }
        }),
      );
    },
  );

  it('comes back within two sums: what is over counts no more', async () => {
    const town = new Town();
    await town.webs[0]?.ask();
    await town.hold(0, 600);
    await town.hold(1, 600);
    expect(town.underWay()).toBe(600);
    town.coming.length = 0; // never stored
    town.pass(2 * SUM_MS);
    await town.hold(1, 600);
    expect(town.underWay()).toBe(600);
  });

  it('is everything where the grid never says what is left, until it refuses', async () => {
    const town = new Town();
    town.says = false;
    await town.hold(0, 1_000_000);
    expect(town.underWay()).toBe(1_000_000);
    await town.store.noteRefused(new Date(town.clock.now()));
    expect(await town.webs[0]?.hold(1)).toBe(false);
    await town.webs[1]?.sold(50);
    expect(await town.webs[0]?.hold(1)).toBe(true);
  });

  it('is bounded at once where nothing is known: the grid is asked first, however many orders wait for it', async () => {
    const town = new Town();
    town.stored.push(300);
    await Promise.all([town.hold(0, 600), town.hold(0, 600), town.hold(0, 50)]);
    expect([town.underWay(), town.questions]).toEqual([950, 1]);
    const silent = new Town();
    silent.says = false;
    for (let each = 0; each < 3; each += 1) await silent.hold(0, 1_000);
    await silent.hold(1, 1_000);
    expect([silent.underWay(), silent.questions]).toEqual([4_000, 1]);
  });

  it('is nothing in a closed batch', async () => {
    const town = new Town();
    town.batch = 'closed';
    await town.webs[0]?.ask();
    expect([await town.webs[0]?.hold(1), await town.webs[0]?.covers(1)]).toEqual([false, false]);
    town.batch = 'open';
    expect([await town.webs[0]?.covers(1), await town.webs[0]?.hold(1)]).toEqual([true, true]);
  });

  it('stops no sale while it cannot be looked up, or the grid does not answer', async () => {
    const away = new Proxy({} as VendorCreditStore, { get: () => () => Promise.reject(new Error('Away.')) });
    const town = new Town(away);
    const [web] = town.webs;
    expect([await web?.hold(50), await web?.covers(50)]).toEqual([true, true]);
    await web?.sold(50);
    await web?.refused();
    const silent = new VendorCredits({
      ...{ store: new MemoryVendorCredit(), clock: town.clock, log: watchedLog() },
      orders: { faceFenIn: () => Promise.resolve(0) },
      grid: {
        vendorCredit: () => Promise.reject(new GridError({ code: 'grid.unavailable', message: 'Away.' })),
      },
    });
    await silent.refused();
    expect(await silent.hold(50)).toBe(false);
  });
});
