/** What an account is called (`reconciliation.accountName.*`), and of which channel, funder, committee, grid or organisation it is, if of
 * one. */
export interface AccountName {
  readonly key: AccountKey;
  readonly of?: string;
}
const OF_ONE = ['channel', 'fee', 'discount', 'float', 'agency', 'commission'] as const;
const OF_GRID = ['credit', 'arrears', 'fee', 'deposit', 'drawn', 'transferred'] as const;
const WHOLE = {
  'payer:held': 'held',
  'payer:refundable': 'refundable',
  'refunds:ours': 'refundsOurs',
  bank: 'bank',
  'bank:grid': 'bankToGrid',
  elsewhere: 'elsewhere',
  'suspense:sale': 'suspenseSale',
  'suspense:reconcile': 'suspenseReconcile',
  'income:agency': 'incomeAgency',
  'cost:commission': 'costCommission',
} as const;
type AccountKey =
  | (typeof WHOLE)[keyof typeof WHOLE]
  | (typeof OF_ONE)[number]
  | `grid${Capitalize<(typeof OF_GRID)[number]>}`;
const GRID_KEYS = {
  credit: 'gridCredit',
  arrears: 'gridArrears',
  fee: 'gridFee',
  deposit: 'gridDeposit',
  drawn: 'gridDrawn',
  transferred: 'gridTransferred',
} as const;

/** Undefined for an account that this page does not know: it is then shown as the books name it. */
export function accountName(account: string): AccountName | undefined {
  const whole = Object.entries(WHOLE).find(([name]) => name === account)?.[1];
  if (whole !== undefined) return { key: whole };
  const [kind = '', ...rest] = account.split(':');
  const part = OF_GRID.find((each) => each === rest.at(-1));
  if (kind === 'grid' && part !== undefined) return { key: GRID_KEYS[part], of: rest.slice(0, -1).join(':') };
  const one = OF_ONE.find((each) => each === kind);
  return one === undefined ? undefined : { key: one, of: rest.join(':') };
}
