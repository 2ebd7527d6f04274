import { z } from 'zod';
import { cashOffer, cashOfferRequest, cashReceipt, takeCashRequest } from '@bianmin/purchase/api/float';
import { orderView } from '@bianmin/purchase/api/order';
import { orderNo } from '@bianmin/purchase/api/scalars';
import type { OrderCodes } from '../../orders/desk/codes.ts';
import type { Orders } from '../../orders/desk/orders.ts';
import { viewOf } from '../../orders/desk/view.ts';
import type { CashDesk } from './cash.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';
import { terminalOf } from '../../route/caller.ts';

const params = z.strictObject({ orderNo });
const terminal = { tag: 'terminal', auth: 'terminal' } as const;
/** Why no cash is taken. */
const REFUSALS = [
  'order.not-found',
  'order.closed',
  'order.already-paid',
  'auth.forbidden',
  'float.bad-pin',
  'float.none',
  'float.frozen',
  'float.empty',
  'float.day-limit',
  'shift.none',
] as const;

/** Cash at a staffed terminal. */
export function terminalCashRoutes(init: { cash: CashDesk; orders: Orders; codes: OrderCodes }): AnyRoute[] {
  const { cash, orders, codes } = init;
  return [
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/cash-offer',
      summary: 'Staff say who they are before they take cash, and hear what the float still covers',
      perMinute: 20,
      params,
      body: cashOfferRequest,
      response: cashOffer,
      problems: [...REFUSALS, 'staff.session-over', 'staff.pin-needed'],
      handler: async (input) => {
        const { terminalId, orgPath } = terminalOf(input.principal);
        const order = await orders.get(terminalId, input.params.orderNo);
        return cash.offer(order, { terminalId, orgPath, ...input.body }, whereOf(input));
      },
    }),
    defineRoute({
      ...terminal,
      method: 'post',
      path: '/v1/terminal/orders/:orderNo/cash',
      summary: "Staff have taken the cash and say who they are; their committee's float pays the order",
      perMinute: 20,
      params,
      body: takeCashRequest,
      response: orderView,
      problems: [...REFUSALS, 'float.offer-stale'],
      handler: async (input) => {
        const { terminalId } = terminalOf(input.principal);
        const order = await orders.get(terminalId, input.params.orderNo);
        return viewOf(await cash.take(order, { terminalId, by: input.body }, whereOf(input)), codes);
      },
    }),
    defineRoute({
      ...terminal,
      method: 'get',
      path: '/v1/terminal/orders/:orderNo/cash',
      summary: 'The receipt for cash that was taken, and how much of it is to be handed back',
      params,
      response: cashReceipt,
      problems: ['order.not-found', 'request.not-found'],
      handler: async (input) => {
        const { terminalId } = terminalOf(input.principal);
        const receipt = await cash.receipt(await orders.get(terminalId, input.params.orderNo));
        if (receipt !== undefined) return receipt;
        throw new ProblemError({ code: 'request.not-found', message: 'No cash was taken for this order.' });
      },
    }),
  ];
}
