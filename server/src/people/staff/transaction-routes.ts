import { transactionPage, transactionQuery, type Transaction } from '@bianmin/purchase/api/payments';
import { adminOf } from '../../access/caller.ts';
import type { Order } from '../../orders/model/order.ts';
import type { OrderStore } from '../../orders/store/orders.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { orderQueryOf } from './order-query-of.ts';

/** Orders that one request looks through for payments. */
const LOOKED_THROUGH = 4_000;
const AT_ONCE = 500;

const read = { tag: 'admin', auth: 'admin', permission: 'payment:read' } as const;

/** What passed through the channels. */
export function adminTransactionRoutes({ orders }: { orders: OrderStore }): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/transactions',
      summary: "Orders' payments by channel, state and time, newest order first",
      scope: 'own',
      query: transactionQuery,
      response: transactionPage,
      handler: async ({ query, principal }) => {
        const { scope } = adminOf(principal);
        const { channel, status, limit, from, to } = query;
        const found: Transaction[] = [];
        const asked = orderQueryOf({ channel, from, to });
        let after = query.after;
        for (let looked = 0; looked < LOOKED_THROUGH; looked += AT_ONCE) {
          const page = await orders.search(asked, { limit: Math.min(AT_ONCE, limit), after }, scope);
          for (const order of page) {
            found.push(...paymentsOf(order).filter((each) => fits(each, channel, status)));
            after = order._id;
            // An order's payments stay together: the next page begins with another order.
            if (found.length >= limit) return { transactions: found, next: after };
          }
          if (page.length < Math.min(AT_ONCE, limit)) return { transactions: found, next: null };
        }
        return { transactions: found, next: after ?? null };
      },
    }),
  ];
}

function paymentsOf(order: Order): Transaction[] {
  return order.payments.map((payment) => ({
    ...{ no: payment.no, orderNo: order._id, channel: payment.channel, status: payment.status },
    amountFen: payment.amountFen,
    transactionId: payment.transactionId ?? null,
    createdAt: payment.createdAt.toISOString(),
    paidAt: payment.paidAt?.toISOString() ?? null,
    funds: payment.funds === true,
    refundedFen: order.refunds
      .filter(({ paymentNo, status }) => paymentNo === payment.no && status === 'done')
      .reduce((sum, { fen }) => sum + fen, 0),
  }));
}

function fits(each: Transaction, channel?: string, status?: string): boolean {
  return (
    (channel === undefined || each.channel === channel) && (status === undefined || each.status === status)
  );
}
