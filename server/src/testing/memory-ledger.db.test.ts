import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { LedgerError } from '../money/ledger/error.ts';
import { LedgerStore, type PostingQuery } from '../money/ledger/ledger-store.ts';
import type { Posting } from '../money/ledger/posting.ts';
import { openTestContext, type TestContext } from './context.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { alike, type Call } from './alike-stores.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

type Ledger = Call<MemoryLedger, LedgerStore>;

const fields = fc.record({
  id: fc.constantFrom('o1', 'o2', 'o3'),
  n: fc.constantFrom(1, 2),
  group: fc.constantFrom('fee', 'money'),
  day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-03'),
  fen: fc.constantFrom(5, 7),
  back: fc.constantFrom(0, 0, 0, 1),
});
const postingOf = (
  run: string,
  { id, n, group, day, fen, back }: typeof fields extends fc.Arbitrary<infer T> ? T : never,
): Posting => ({
  ...{ source: `${run}-${id}`, n, group, name: 'x', at: new Date(`${day}T00:00:00Z`), day },
  ...{ meterNo: `${run}-m`, terminalId: `${run}-t${n}` },
  legs: [
    { account: 'a', fen },
    { account: 'b', fen: back - fen },
  ],
});
/** What the server asks for in the order of sources, and what in none. */
const sorted = fc.constantFrom<((run: string) => PostingQuery)[]>(
  (run) => ({ source: `${run}-o1` }),
  (run) => ({ source: `${run}-o2`, from: '2026-03-02' }),
);
const summed = fc.constantFrom<((run: string) => PostingQuery)[]>(
  (run) => ({ source: `${run}-o3`, to: '2026-03-02' }),
  (run) => ({ meterNo: `${run}-m` }),
  (run) => ({ meterNo: `${run}-m`, from: '2026-03-02' }),
  (run) => ({ meterNo: `${run}-m`, from: '2026-03-01', to: '2026-03-02' }),
  (run) => ({ terminalIds: [`${run}-t1`, `${run}-t2`], to: '2026-03-01' }),
);

async function all(postings: AsyncIterable<Posting>): Promise<Posting[]> {
  const found: Posting[] = [];
  for await (const posting of postings) found.push(posting);
  return found;
}

describe('the ledger in memory', () => {
  it('keeps postings as the database does', async () => {
    const real = new LedgerStore(t.db);
    await real.prepare();
    await alike<MemoryLedger, LedgerStore>({
      memory: () => new MemoryLedger(),
      real,
      calls: [
        fc.uniqueArray(fields, { maxLength: 3, selector: ({ id, n, group }) => `${id}:${n}:${group}` }).map(
          (some): Ledger =>
            (store, run) =>
              store.add(some.map((each) => postingOf(run, each))).catch((error: unknown) => {
                if (!(error instanceof LedgerError)) throw error;
                return error.code;
              }),
        ),
        sorted.map(
          (of): Ledger =>
            (store, run) =>
              all(store.read(of(run))),
        ),
        summed.map(
          (of): Ledger =>
            (store, run) =>
              store.turnover(of(run)),
        ),
        fc.subarray(['o1', 'o2', 'o3']).map(
          (ids): Ledger =>
            (store, run) =>
              store.sumOf(
                'b',
                ids.map((id) => `${run}-${id}`),
              ),
        ),
      ],
    });
  });
});
