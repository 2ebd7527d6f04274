import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { RedisVendorCredit } from '../money/vendor-credit/redis-credit.ts';
import type { VendorCreditStore } from '../money/vendor-credit/credit-store.ts';
import { alike, type Call } from './alike-stores.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryVendorCredit } from './memory-vendor-credit.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

/** Such that what is left is often just enough. */
const fen = fc.constantFrom(20, 40, 60, 100);
const time = fc
  .constantFrom(0, 1_000, 4_999, 5_000, 9_999, 10_000, 61_000, 900_000)
  .map((ms) => new Date(ms));

describe('what is known of our credit at the grid', () => {
  it('is in memory as in Redis, whatever was called before', async () => {
    type Credit = Call<MemoryVendorCredit, Map<string, VendorCreditStore>>;
    const stores = new Map<string, VendorCreditStore>();
    const of = (
      store: MemoryVendorCredit | Map<string, VendorCreditStore>,
      run: string,
    ): VendorCreditStore => {
      if (store instanceof MemoryVendorCredit) return store;
      const own = store.get(run) ?? new RedisVendorCredit(t.redis, run);
      store.set(run, own);
      return own;
    };
    const told = fc.record({
      availableFen: fc.constantFrom(0, 40, 200, 500),
      asOf: time.map((at) => at.toISOString()),
      batch: fc.constantFrom('open' as const, 'open' as const, 'closed' as const),
    });
    const sum = fc.record({ fen: fc.constantFrom(0, 40, 100), at: time });
    const calls: fc.Arbitrary<Credit>[] = [
      fc.tuple(fen, time).map(
        ([some, at]): Credit =>
          (store, run) =>
            of(store, run).hold(some, at),
      ),
      fc.tuple(fen, time).map(
        ([some, at]): Credit =>
          (store, run) =>
            of(store, run).hold(some, at),
      ),
      sum.map((made): Credit => async (store, run) => {
        const taken = await of(store, run).taken();
        await of(store, run).summed({ ...made, taken });
        return taken;
      }),
      told.map(
        (credit): Credit =>
          (store, run) =>
            of(store, run).tell(credit),
      ),
      fc.tuple(told, fc.constantFrom(0, 20)).map(([credit, less]): Credit => async (store, run) => {
        const sold = await of(store, run).sold();
        await of(store, run).tell(credit, Math.max(0, sold - less));
        return sold;
      }),
      fen.map(
        (some): Credit =>
          (store, run) =>
            of(store, run).noteSold(some),
      ),
      time.map(
        (at): Credit =>
          (store, run) =>
            of(store, run).noteRefused(at),
      ),
      fc.constant<Credit>((store, run) => of(store, run).noteSilent()),
      fc.constant<Credit>((store, run) => of(store, run).known()),
    ];
    await alike({ memory: () => new MemoryVendorCredit(), real: stores, calls });
  });
});
