import { adminBillRoutes } from '../money/bills/routes.ts';
import { adminCommissionRoutes } from '../money/commission/routes.ts';
import { adminDepositRoutes } from '../money/deposit/routes.ts';
import { householdFileRoutes } from '../money/discount/import/routes.ts';
import { adminDiscountRoutes } from '../money/discount/routes.ts';
import { adminMoneyRoutes } from '../money/glance/routes.ts';
import { adminFloatRoutes } from '../money/float/admin-routes.ts';
import { terminalCashRoutes } from '../money/float/cash-routes.ts';
import { invoiceRoutes } from '../money/invoice/routes.ts';
import { adminMonthRoutes } from '../money/month-close/routes.ts';
import { adminChannelRoutes } from '../money/payment-keys/channel-routes.ts';
import { adminPaymentKeyRoutes } from '../money/payment-keys/routes.ts';
import { adminReconciliationRoutes } from '../money/reconcile/routes.ts';
import { adminFoundMoneyRoutes } from '../money/refunds/found-money-routes.ts';
import { adminRefundRoutes } from '../money/refunds/routes.ts';
import { adminTransferRoutes } from '../money/transfer/routes.ts';
import type { AnyRoute } from '../route/route.ts';
import type { RouteParts } from './route-parts.ts';

/** What is paid, owed, given back and proven of it. */
export function moneyRoutes(parts: RouteParts): AnyRoute[] {
  const { deps, services, access, books, floats, rotation } = parts;
  const { clock, config, grid } = deps;
  const { audit, sessions } = access;
  return [
    ...invoiceRoutes({ ...parts.invoices, orders: parts.residents.orders }),
    ...adminMoneyRoutes({ glance: parts.glance, flows: config.FUND_FLOWS }),
    ...adminMonthRoutes({ months: books.months, approvals: access.approvals }),
    ...adminBillRoutes({
      ...{ bills: books.bills, statements: books.statements, orgs: parts.fleet.orgs },
      ...{ grid: grid.grid, audit, clock },
    }),
    ...adminCommissionRoutes(parts.commissions),
    ...adminReconciliationRoutes({ books, settlements: parts.settlements, audit }),
    ...adminChannelRoutes({ watch: services.watch, rotation, config }),
    ...adminPaymentKeyRoutes({ rotation }),
    ...adminDiscountRoutes(parts.discounts),
    ...householdFileRoutes(parts.householdFiles, clock),
    ...adminDepositRoutes(parts.deposit),
    ...adminTransferRoutes(parts.transfers),
    ...adminFloatRoutes({ ...floats, sessions, audit, clock }),
    ...terminalCashRoutes({ cash: floats.cash, orders: services.orders, codes: services.codes }),
    ...adminRefundRoutes({ refunds: parts.refunds, clock }),
    ...adminFoundMoneyRoutes({ found: parts.found }),
  ];
}
