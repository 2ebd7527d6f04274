import type { Channel } from '@bianmin/purchase/api/channels';
import { ACCOUNTS, ACCRUAL_KINDS, accrualKindOf, isBilled, resultOf } from './accounts.ts';

/** What others say of the same time, from their own papers and not from our records. */
export interface OutsideTotals {
  readonly channels: Readonly<
    Partial<
      Record<Channel, { readonly paidFen: number; readonly refundedFen: number; readonly feeFen: number }>
    >
  >;
  readonly grids: Readonly<
    Record<string, { readonly creditFen: number; readonly arrearsFen: number; readonly feeFen: number }>
  >;
  /** By grid: what its meters were credited. */
  readonly meters: Readonly<Record<string, { readonly creditedFen: number }>>;
}

/** One account beside what it is compared with; both in fen, as debits. */
export interface AccountCheck {
  readonly account: string;
  /**
   * `orders`: there is no bill, and what the orders say of themselves stands in its place. `accruals`: what is owed for agency or
   * commissions, and what was earned or spent by it.
   */
  readonly against: 'channel-bill' | 'grid-bill' | 'meters' | 'rest' | 'orders' | 'accruals';
  readonly ledgerFen: number;
  readonly outsideFen: number;
  readonly differenceFen: number;
}

/**
 * Compares each account's turnover with papers of the same time. `meters` may lag by what is on cards and not yet in a
 * meter: the difference is then that much. With every order at rest, accounts that only pass money on must be empty.
 */
export function checkAccounts(
  turnover: ReadonlyMap<string, number>,
  outside: OutsideTotals,
  init: { readonly atRest: boolean },
): AccountCheck[] {
  const of = (account: string): number => turnover.get(account) ?? 0;
  const row = (account: string, against: AccountCheck['against'], outsideFen: number): AccountCheck => {
    const ledgerFen = of(account);
    return { account, against, ledgerFen, outsideFen, differenceFen: ledgerFen - outsideFen };
  };
  // Where it takes what it sells from our deposit.
  const drawnOf = (grid: string): string[] =>
    turnover.has(ACCOUNTS.gridDrawn(grid)) ? [ACCOUNTS.gridDrawn(grid)] : [];
  const channels = (Object.keys(outside.channels) as Channel[]).flatMap((channel) => {
    const bill = outside.channels[channel];
    if (bill === undefined) return [];
    return [
      row(ACCOUNTS.channel(channel), 'channel-bill', bill.paidFen - bill.refundedFen - bill.feeFen),
      row(ACCOUNTS.fee(channel), 'channel-bill', bill.feeFen),
    ];
  });
  const grids = Object.entries(outside.grids).flatMap(([grid, bill]) => [
    row(ACCOUNTS.gridCredit(grid), 'grid-bill', 0 - bill.creditFen),
    row(ACCOUNTS.gridArrears(grid), 'grid-bill', 0 - bill.arrearsFen),
    row(ACCOUNTS.gridFee(grid), 'grid-bill', 0 - bill.feeFen),
    ...drawnOf(grid).map((account) =>
      row(account, 'grid-bill', bill.creditFen + bill.arrearsFen + bill.feeFen),
    ),
  ]);
  const meters = Object.entries(outside.meters).map(([grid, { creditedFen }]) =>
    row(ACCOUNTS.gridCredit(grid), 'meters', 0 - creditedFen),
  );
  const compared = new Set([...channels, ...grids].map(({ account }) => account));
  // Money in an account that no paper speaks of is a difference as well.
  const unspoken = [...turnover.keys()]
    .filter((account) => isBilled(account) && !compared.has(account))
    .map((account) => row(account, account.startsWith('grid:') ? 'grid-bill' : 'channel-bill', 0));
  const passing = init.atRest
    ? [ACCOUNTS.held, ACCOUNTS.refundable, ACCOUNTS.suspenseSale].map((account) => row(account, 'rest', 0))
    : [];
  return [...channels, ...grids, ...meters, ...unspoken, ...passing, ...accrualChecks(turnover)];
}

/** Whatever is earned is owed by somebody, and whatever is owed was earned: no fen of it is anybody's money. */
function accrualChecks(turnover: ReadonlyMap<string, number>): AccountCheck[] {
  return ACCRUAL_KINDS.flatMap((kind): AccountCheck[] => {
    const ofKind = [...turnover].filter(([account]) => accrualKindOf(account) === kind);
    if (ofKind.length === 0) return [];
    const account = resultOf(kind);
    const ledgerFen = turnover.get(account) ?? 0;
    const owedFen = ofKind.reduce((sum, [name, fen]) => sum + (name === account ? 0 : fen), 0);
    const outsideFen = 0 - owedFen;
    return [{ account, against: 'accruals', ledgerFen, outsideFen, differenceFen: ledgerFen - outsideFen }];
  });
}
