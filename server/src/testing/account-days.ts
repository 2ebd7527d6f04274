import type { Order } from '../orders/model/order.ts';
import type { CheckedAccount, MeterCredit } from '../money/reconcile/account-check.ts';
import type { Source } from '../money/reconcile/bills.ts';
import { postFees } from '../money/reconcile/fee-postings.ts';
import { boughtAt, DAY } from './bought-orders.ts';
import { MemoryBooks } from './memory-books.ts';

export const GRID = 'grid:collection-v1';

export const [ONE, TWO] = [boughtAt(1), boughtAt(2)];

/** What the papers say of so many purchases like `ONE`. */
export const bills = (n: number): Source[] => [
  {
    ...{ source: 'channel:wechat', day: DAY, sha256: 'aa' },
    totals: { paidFen: 5000 * n, refundedFen: 0, feeFen: 300 * n },
  },
  {
    ...{ source: GRID, day: DAY, sha256: 'bb' },
    totals: { creditFen: 4000 * n, arrearsFen: 990 * n, feeFen: 10 * n },
  },
];

async function* each(credits: readonly MeterCredit[]): AsyncGenerator<MeterCredit> {
  yield* credits;
}

/** The books of a day with these orders, and their check. */
export async function accountsOf(orders: Order[], feeFen = 300 * orders.length) {
  const w = new MemoryBooks();
  w.orders.orders = orders;
  await w.catchUp();
  const totals = { payments: 1, paidFen: 0, refunds: 0, refundedFen: 0, feeFen };
  await postFees(w.ledger.store, [{ channel: 'wechat', day: DAY, totals }]);
  const check = (
    over: { sources?: Source[]; notCompared?: string[]; credits?: MeterCredit[]; day?: string } = {},
  ): Promise<CheckedAccount[]> => {
    const { sources = bills(orders.length), notCompared = [], credits = [], day = DAY } = over;
    return w.accounts.check(day, {
      ...{ grid: 'collection-v1', sources, notCompared, credits: each(credits) },
    });
  };
  /** An account as if a posting were not what happened. */
  const tamper = (account: string, source = '260301100000000009', fen = 1): Promise<number> => {
    const at = new Date(`${DAY}T12:00:00+08:00`);
    const legs = [
      { account, fen },
      { account: 'payer:held', fen: -fen },
    ];
    return w.ledger.add([{ source, n: 9, group: 'money', name: 'x', at, day: DAY, legs }]);
  };
  return { w, check, tamper };
}

/** Account, paper, ours, theirs, difference, and what of it nothing explains. */
export const rowOf = (row: CheckedAccount): unknown[] => [
  ...[row.account, row.against, row.ledgerFen, row.outsideFen, row.differenceFen, row.unexplainedFen],
];
