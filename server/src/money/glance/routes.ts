import {
  FUND_FLOWS_SETTING,
  moneyDay,
  moneyFlows,
  moneyLines,
  moneyLinesQuery,
  moneyMonth,
  moneyMonthQuery,
  moneyQuery,
  type FundFlows,
} from '@bianmin/purchase/api/money';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { MoneyGlance } from './glance.ts';

export interface AdminMoneyServices {
  readonly glance: Pick<MoneyGlance, 'day' | 'lines' | 'month'>;
  /** As configured; absent: it is not. */
  readonly flows?: FundFlows | undefined;
}

const read = {
  method: 'get',
  tag: 'admin',
  auth: 'admin',
  scope: 'province',
  permission: 'bill:read',
} as const;

/** Whom we owe what, who owes us, and the lines behind each sum. No household is named. */
export function adminMoneyRoutes({ glance, flows }: AdminMoneyServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      path: '/v1/admin/money',
      summary: 'All money of a day: owed to the grid, received by channel, fees, floats, discounts',
      query: moneyQuery,
      response: moneyDay,
      handler: ({ query }) => glance.day(query.day),
    }),
    defineRoute({
      ...read,
      path: '/v1/admin/money/lines',
      summary: 'What a sum of a day is made of',
      query: moneyLinesQuery,
      response: moneyLines,
      handler: ({ query }) => glance.lines({ ...query, accounts: query.accounts.split(',') }),
    }),
    defineRoute({
      ...read,
      path: '/v1/admin/money/month',
      summary: 'A month by day, as it was compared with grid and channels',
      query: moneyMonthQuery,
      response: moneyMonth,
      handler: ({ query }) => glance.month(query.month),
    }),
    defineRoute({
      ...read,
      path: '/v1/admin/money/flows',
      summary: 'Through whose hands each channel’s money goes, and how commissions are paid',
      response: moneyFlows,
      handler: () => Promise.resolve({ setting: FUND_FLOWS_SETTING, flows: flows ?? null }),
    }),
  ];
}
