import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Cases } from '../../cases/cases.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { MemoryCaseStore } from '../../testing/memory-cases.ts';
import { MemoryLedger } from '../../testing/memory-ledger.ts';
import { needsTwoPersons } from '../../orders/model/case-sink.ts';
import type { DepositBook } from './deposit-books.ts';
import { DepositCheck } from './deposit-check.ts';
import { comparedAfter, TIMES_OFF, unexplainedFen, type DepositComparison } from './deposit-difference.ts';

const GRID = 'collection-v1';
const DAY_MS = 86_400_000;

/** A grid with our deposit, a ledger, and orders of which only their sum counts. */
class Town {
  readonly clock = new ManualClock(Date.parse('2026-03-05T04:00:00Z'));
  readonly ledger = new MemoryLedger();
  readonly cases = new MemoryCaseStore();
  book: DepositBook | undefined;
  availableFen: number | null = 1_000_000;
  underWayFen = 0;
  /** Spans of days of which the ledger was summed. */
  readonly asked: object[] = [];
  /** What happens while the grid is asked. */
  meanwhile: () => unknown = () => undefined;
  #postings = 0;

  readonly check = new DepositCheck({
    grid: {
      grid: GRID,
      vendorCredit: async () => {
        await this.meanwhile();
        if (this.availableFen === null) return null;
        return { availableFen: this.availableFen, asOf: '2026-03-05T04:00:00Z', batch: 'open' };
      },
    },
    books: {
      open: (grid, now) =>
        Promise.resolve((this.book ??= { _id: grid, since: now, through: '', throughFen: 0 })),
      sum: (book, { day, fen }) => this.#set({ ...book, through: day, throughFen: fen }),
      start: (_, startFen) => this.#set({ startFen }),
      compared: (_, last) => this.#set({ last }),
    },
    ledger: {
      turnover: (days) => {
        this.asked.push(days ?? {});
        return this.ledger.turnover(days);
      },
    },
    orders: { faceFenIn: () => Promise.resolve(this.underWayFen) },
    catchUp: () => Promise.resolve(),
    cases: new Cases({ store: this.cases, clock: this.clock }),
    clock: this.clock,
  });

  /** Our books of it: below zero, a sale. */
  async posts(fen: number): Promise<void> {
    const at = new Date(this.clock.now());
    this.#postings += 1;
    const legs = [
      { account: `grid:${GRID}:deposit`, fen },
      { account: `grid:${GRID}:drawn`, fen: -fen },
    ];
    const source = `order-${this.#postings}`;
    await this.ledger.add([{ source, n: 1, group: 'deposit', name: 'x', at, day: chinaDay(at), legs }]);
  }

  async sells(fen: number): Promise<void> {
    this.availableFen = (this.availableFen ?? 0) - fen;
    await this.posts(-fen);
  }

  get open(): object[] {
    return [...this.cases.cases.values()].filter(({ status }) => status === 'open').map(({ facts }) => facts);
  }

  #set(over: Partial<DepositBook>): Promise<void> {
    if (this.book !== undefined) this.book = { ...this.book, ...over };
    return Promise.resolve();
  }
}

let town: Town;
beforeEach(async () => {
  town = new Town();
  await town.check.round();
});
const rounds = async (times: number): Promise<number> => {
  let told = 0;
  for (let each = 0; each < times; each += 1) told += await town.check.round();
  return told;
};

describe('our deposit beside the books', () => {
  it('begins with what the grid has then, and is the same after every sale and top-up', async () => {
    expect(town.book?.startFen).toBe(1_000_000);
    await town.sells(5000);
    await town.posts(300_000);
    town.availableFen = 1_295_000;
    expect(await rounds(TIMES_OFF)).toBe(0);
    expect(town.book?.last).toEqual({
      ...{ at: new Date(town.clock.now()), gridFen: 1_295_000, booksFen: 1_295_000 },
      ...{ underWayFen: 0, timesOff: 0 },
    });
    expect(town.open).toEqual([]);
  });

  it('begins not while anything moves, nor where something did while the grid was asked', async () => {
    town = new Town();
    town.underWayFen = 1;
    await town.check.round();
    expect(town.book?.startFen).toBeUndefined();
    town.underWayFen = 0;
    town.meanwhile = () => town.posts(-100);
    await town.check.round();
    expect(town.book?.startFen).toBeUndefined();
    town.meanwhile = () => (town.availableFen = (town.availableFen ?? 0) - 1);
    await town.check.round();
    expect(town.book?.startFen).toBeUndefined();
    let asked = 0;
    town.meanwhile = () => (town.underWayFen = (asked += 1) === 2 ? 5000 : 0);
    await town.check.round();
    expect(town.book?.startFen).toBeUndefined();
    town.meanwhile = () => undefined;
    town.underWayFen = 0;
    await town.check.round();
    // Two were taken while it was asked, and 200 were posted.
    expect(town.book?.startFen).toBe(1_000_000 - 2 + 200);
  });

  it('that differs three times in a row is a case, of which two persons decide, and one that ends by itself', async () => {
    town.availableFen = 990_000;
    expect(await rounds(TIMES_OFF - 1)).toBe(0);
    expect(town.open).toEqual([]);
    expect(await rounds(1)).toBe(1);
    expect(town.open).toEqual([
      { gridFen: 990_000, booksFen: 1_000_000, underWayFen: 0, differenceFen: -10_000 },
    ]);
    const [{ kind, orderNo, key } = { kind: 'stuck' as const, orderNo: '', key: '' }] =
      town.cases.cases.values();
    expect([kind, needsTwoPersons(kind), orderNo, key]).toEqual(['DEPOSIT_DIFF', true, 'none', GRID]);
    await rounds(2);
    expect(town.cases.cases.size).toBe(1);
    await town.posts(-10_000);
    expect(await rounds(1)).toBe(0);
    expect(town.open).toEqual([]);
  });

  it('may differ by what is under way, and by no fen more', async () => {
    town.availableFen = 990_000;
    town.underWayFen = 10_000;
    expect(await rounds(TIMES_OFF)).toBe(0);
    town.availableFen = 989_999;
    expect(await rounds(TIMES_OFF)).toBe(1);
  });

  it('is not compared where the grid does not say', async () => {
    town.availableFen = null;
    await rounds(TIMES_OFF);
    expect(town.book?.last).toBeUndefined();
  });

  it('reads days that are long over once', async () => {
    for (let day = 0; day < 20; day += 1) {
      await town.sells(1000 + day);
      expect(await rounds(2)).toBe(0);
      expect(town.book?.last?.timesOff).toBe(0);
      town.clock.jump(DAY_MS);
    }
    expect(town.book?.through).toBe('2026-03-17');
    town.asked.length = 0;
    town.clock.jump(-DAY_MS);
    await rounds(1);
    expect(town.asked).toEqual([{ from: '2026-03-18' }]);
  });
});

describe('a difference', () => {
  const found = { at: new Date(0), gridFen: 0, booksFen: 0, underWayFen: 0 };

  it('counts up only while it is unexplained the same way', () => {
    const walk = [-2, -1, 0, -1, 3, 2, 1, -5].reduce<DepositComparison[]>(
      (seen, gridFen) => [...seen, comparedAfter(seen.at(-1), { ...found, gridFen })],
      [],
    );
    expect(walk.map(({ timesOff }) => timesOff)).toEqual([1, 2, 0, 1, 1, 2, 3, 1]);
  });

  it('is what the grid has more than the books, or nothing', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), fc.nat(100), (gridFen, booksFen, underWayFen) => {
        const off = unexplainedFen({ gridFen, booksFen, underWayFen });
        expect(off).toBe(Math.abs(gridFen - booksFen) <= underWayFen ? 0 : gridFen - booksFen);
      }),
    );
  });
});
