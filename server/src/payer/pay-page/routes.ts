import {
  consentPlace,
  consentQuery,
  payHandle,
  payPage,
  payPagePayment,
  payToken,
} from '@bianmin/purchase/api/pay-page';
import type { PayPage } from './pay-page.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';

/** One code for every wallet: the holder of an order's link sees it masked and may pay it. */
export function payPageRoutes({ page }: { page: PayPage }): AnyRoute[] {
  const open = { tag: 'payment', auth: 'none', params: payToken } as const;
  return [
    defineRoute({
      ...open,
      method: 'get',
      path: '/v1/pay/:token',
      summary: 'The order behind a pay link, masked, and the wallets it can be paid with',
      perMinute: 120,
      response: payPage,
      problems: ['pay-link.unknown'],
      handler: ({ params }) => page.view(params.token),
    }),
    defineRoute({
      ...open,
      method: 'get',
      path: '/v1/pay/:token/consent',
      summary: "Where a wallet's browser goes so that it says who pays",
      perMinute: 30,
      query: consentQuery,
      response: consentPlace,
      problems: ['pay-link.unknown', 'request.not-found'],
      handler: async ({ params, query }) => ({ url: await page.consent(params.token, query.channel) }),
    }),
    defineRoute({
      ...open,
      method: 'post',
      path: '/v1/pay/:token/payments',
      summary: 'What this phone needs to pay the order now; none of it proves a payment',
      perMinute: 30,
      body: payPagePayment,
      response: payHandle,
      problems: [
        'pay-link.unknown',
        'pay-link.ask-who',
        'order.already-paid',
        'order.closed',
        'payment.channel-unavailable',
      ],
      handler: ({ ctx, params, body }) => page.pay(params.token, body, ctx.ip),
    }),
  ];
}
