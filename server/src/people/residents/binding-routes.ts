import {
  bindingCodeAnswer,
  bindingCodeRequest,
  bindingDetails,
  bindingList,
  bindingParams,
  bindingView,
  bindRequest,
  proofAnswer,
  type BindingView,
} from '@bianmin/purchase/api/payer';
import type { StoredBinding } from './binding-store.ts';
import type { Bindings } from './bindings.ts';
import type { CodeDesk } from './code-desk.ts';
import type { PayerOrders } from './payer-orders.ts';
import type { Proofs } from './proofs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { whereOf } from '../../access/caller.ts';
import { payerOf } from '../../route/caller.ts';
import { phoneSessionRoutes, type PhoneSessionServices } from './phone-session-routes.ts';

export interface PayerBindingServices extends PhoneSessionServices {
  readonly codes: CodeDesk;
  readonly bindings: Bindings;
  readonly proofs: Proofs;
  readonly orders: Pick<PayerOrders, 'describe' | 'askMeter'>;
}

/** A resident's phone and its households. */
export function payerBindingRoutes(residents: PayerBindingServices): AnyRoute[] {
  return [...phoneSessionRoutes(residents), ...bindingRoutes(residents), ...householdRoutes(residents)];
}

/** How a household comes to the phone, and which have. */
function bindingRoutes({ codes, bindings }: PayerBindingServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'post',
      path: '/v1/payer/bindings/code',
      summary: 'Asks the grid to text a code to the phone it has on record; answers alike for every number',
      tag: 'payer',
      auth: 'payer',
      perMinute: 10,
      status: 202,
      body: bindingCodeRequest,
      response: bindingCodeAnswer,
      problems: ['binding.not-offered'],
      handler: (input) =>
        codes.request(payerOf(input.principal).payerId, input.body.customerNo, whereOf(input)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/payer/bindings',
      summary: 'Binds the household whose code this is',
      tag: 'payer',
      auth: 'payer',
      perMinute: 20,
      status: 201,
      body: bindRequest,
      response: bindingView,
      problems: [
        'binding.code-wrong',
        'binding.code-spent',
        'binding.too-many',
        'customer.unknown',
        'grid.refused',
        'grid.unavailable',
      ],
      handler: async (input) =>
        viewOf(await bindings.confirm(payerOf(input.principal).payerId, input.body, whereOf(input))),
    }),
    defineRoute({
      method: 'get',
      path: '/v1/payer/bindings',
      summary: 'The phone’s households, masked',
      tag: 'payer',
      auth: 'payer',
      response: bindingList,
      handler: async ({ principal }) => ({
        bindings: (await bindings.list(payerOf(principal).payerId)).map(viewOf),
      }),
    }),
  ];
}

/** What is done with one of them. */
function householdRoutes({ bindings, proofs, orders }: PayerBindingServices): AnyRoute[] {
  return [
    defineRoute({
      method: 'get',
      path: '/v1/payer/bindings/:bindingId',
      summary: 'What is left, what is owed and what may be bought now',
      tag: 'payer',
      auth: 'payer',
      perMinute: 120,
      params: bindingParams,
      response: bindingDetails,
      problems: ['binding.not-found', 'customer.unknown', 'grid.refused', 'grid.unavailable'],
      handler: (input) =>
        orders.describe(payerOf(input.principal).payerId, input.params.bindingId, whereOf(input)),
    }),
    defineRoute({
      method: 'post',
      path: '/v1/payer/bindings/:bindingId/reading',
      summary: 'The same, after the meter itself was asked; a meter is asked once a minute at most',
      tag: 'payer',
      auth: 'payer',
      perMinute: 60,
      params: bindingParams,
      response: bindingDetails,
      problems: ['binding.not-found', 'customer.unknown', 'grid.refused', 'grid.unavailable'],
      handler: (input) =>
        orders.askMeter(payerOf(input.principal).payerId, input.params.bindingId, whereOf(input)),
    }),
    defineRoute({
      method: 'delete',
      path: '/v1/payer/bindings/:bindingId',
      summary: 'Takes a household off the phone; orders under way go on',
      tag: 'payer',
      auth: 'payer',
      params: bindingParams,
      problems: ['binding.not-found'],
      handler: async (input) => {
        await bindings.remove(payerOf(input.principal).payerId, input.params.bindingId, whereOf(input));
        return undefined;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/v1/payer/bindings/:bindingId/proof',
      summary: 'Six digits with which one kiosk may sell to this household once',
      tag: 'payer',
      auth: 'payer',
      perMinute: 10,
      params: bindingParams,
      response: proofAnswer,
      problems: ['binding.not-found'],
      handler: async (input) => {
        const binding = await bindings.get(payerOf(input.principal).payerId, input.params.bindingId);
        const { proof, expiresAt } = await proofs.make(binding, whereOf(input));
        return { proof, expiresAt: expiresAt.toISOString() };
      },
    }),
  ];
}

function viewOf({ _id, masked, createdAt }: StoredBinding): BindingView {
  return { id: _id, customer: masked, createdAt: createdAt.toISOString() };
}
