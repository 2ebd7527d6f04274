import type { Channel } from '@bianmin/purchase/api/channels';
import { BANK } from '../float/float.ts';

/**
 * The chart of accounts; docs/books.md has an example for each. Debits are positive: what others owe us and what we
 * spent stands above zero, what we owe below.
 */
export const ACCOUNTS = {
  /** A channel took a payer's money and has not settled it with us. */
  channel: (channel: Channel): string => `channel:${channel}`,
  /** What a channel keeps for its work. */
  fee: (channel: Channel): string => `fee:${channel}`,
  /** Money of a payer whose electricity is not sold yet. */
  held: 'payer:held',
  /** Money that is to go back to a payer. */
  refundable: 'payer:refundable',
  /** What we owe the grid for what meters are to be credited. */
  gridCredit: (grid: string): string => `grid:${grid}:credit`,
  /** What we owe the grid for arrears that it took from purchases: it passes through us. */
  gridArrears: (grid: string): string => `grid:${grid}:arrears`,
  /** The same for fees. */
  gridFee: (grid: string): string => `grid:${grid}:fee`,
  /** What we paid the grid in advance for all of that. */
  gridDeposit: (grid: string): string => `grid:${grid}:deposit`,
  /** What it took of that for its sales: so much of what we owe it is paid. */
  gridDrawn: (grid: string): string => `grid:${grid}:drawn`,
  /** What our bank sent it for days of sales: so much of what we owe it is paid. */
  gridTransferred: (grid: string): string => `grid:${grid}:transferred`,
  /** What the funder of a discount owes us for it. */
  discount: (funder: string): string => `discount:${funder}`,
  /** Prepaid by a committee for those who bring cash. */
  float: (committee: string): string => `float:${committee}`,
  /** What came from committees' banks for their floats. */
  bank: BANK,
  /** What went from our bank to the grid, in advance or for days of sales: never above zero. */
  bankToGrid: `${BANK}:grid`,
  /** What was given back although the grid did not take its sale back. */
  refundsOurs: 'refunds:ours',
  /** Given back by other means than the channel that took it. */
  elsewhere: 'elsewhere',
  /** A sale of another amount than was asked; a person settles it. */
  suspenseSale: 'suspense:sale',
  /** Where reconciliation books what two persons decided. */
  suspenseReconcile: 'suspense:reconcile',
  /** What a grid owes us for collecting for it; no sale's money. */
  agency: (grid: string): string => `agency:${grid}`,
  /** What we earned by that. */
  incomeAgency: 'income:agency',
  /** What organisations cost us for what was sold at their terminals. */
  costCommission: 'cost:commission',
  /** What we owe an organisation for that: paid on its invoice, never out of others' money. */
  commission: (org: string): string => `commission:${org}`,
} as const;

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense' | 'suspense';

const KIND_OF: Readonly<Record<string, AccountKind>> = {
  channel: 'asset',
  bank: 'asset',
  discount: 'asset',
  elsewhere: 'liability',
  payer: 'liability',
  grid: 'liability',
  float: 'liability',
  fee: 'expense',
  refunds: 'expense',
  suspense: 'suspense',
  agency: 'asset',
  commission: 'liability',
  income: 'income',
  cost: 'expense',
};

/** The two that each accrual goes between: what is owed, and what was earned or spent by it. */
const ACCRUED = {
  agency: { owed: /^agency:/u, result: ACCOUNTS.incomeAgency },
  commission: { owed: /^commission:/u, result: ACCOUNTS.costCommission },
} as const;
/** Of what is owed to us or by us for sales, and is nobody's money that we hold. */
export type AccrualKind = keyof typeof ACCRUED;
export const ACCRUAL_KINDS = Object.keys(ACCRUED) as readonly AccrualKind[];

/** Which accruals an account is of; undefined: it is of money. */
export function accrualKindOf(account: string): AccrualKind | undefined {
  return ACCRUAL_KINDS.find((kind) => account === ACCRUED[kind].result || ACCRUED[kind].owed.test(account));
}

/** What was earned or spent by accruals of this kind: as much as is owed for them, on the other side. */
export function resultOf(kind: AccrualKind): string {
  return ACCRUED[kind].result;
}

/** Whether an account says what we paid a grid, in advance or for days, beside what sales did to payers' money. */
export function isPaidToGrid(account: string): boolean {
  return /^grid:[^:]+:(?:deposit|drawn|transferred)$/u.test(account);
}

/** Whether a channel's or the grid's bill speaks of this account: of what we paid it the grid's bill says nothing. */
export function isBilled(account: string): boolean {
  return /^(?:channel|fee|grid):/u.test(account) && !isPaidToGrid(account);
}

/** What an account is, by its first word; undefined for one that is not in the chart. */
export function kindOf(account: string): AccountKind | undefined {
  return KIND_OF[account.split(':')[0] ?? ''];
}
