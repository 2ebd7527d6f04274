import {
  moneyDay,
  moneyLines,
  moneyMonth,
  type MoneyDay,
  type MoneyLines,
  type MoneyMonth,
} from '@bianmin/purchase/api/money';
import { call } from '../../api/call.ts';

const PATH = '/v1/admin/money';

/** A day's money, what its sums are made of, and a month of days. */
export const moneyApi = {
  day: (day: string, signal: AbortSignal): Promise<MoneyDay> =>
    call({ path: PATH, query: { day }, response: moneyDay, signal }),
  lines: (
    of: { readonly day: string; readonly accounts: readonly string[]; readonly after: string | undefined },
    signal: AbortSignal,
  ): Promise<MoneyLines> =>
    call({
      path: `${PATH}/lines`,
      query: { ...of, accounts: of.accounts.join(',') },
      ...{ response: moneyLines, signal },
    }),
  month: (month: string, signal: AbortSignal): Promise<MoneyMonth> =>
    call({ path: `${PATH}/month`, query: { month }, response: moneyMonth, signal }),
};
