import { z } from 'zod';
import { sealedPlan } from '@bianmin/purchase/api/order';
import {
  orderParam,
  replacementRequest,
  replacementResponse,
  replacementView,
  rewriteRequest,
  type ReplacementView,
} from '@bianmin/purchase/api/staff';
import type { Replacement } from './replacement.ts';
import type { Replacements } from './replacements.ts';
import type { Rewrites } from './rewrites.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;

/** Cards at the staffed terminal: written once more, or replaced. */
export function adminCardRoutes(staff: { rewrites: Rewrites; replacements: Replacements }): AnyRoute[] {
  return [rewriteRoute(staff.rewrites), ...replacementRoutes(staff.replacements)];
}

function rewriteRoute(rewrites: Rewrites): AnyRoute {
  return defineRoute({
    ...admin,
    method: 'post',
    path: '/v1/admin/orders/:orderNo/rewrite',
    summary: "Releases a sold order's write once more, to the terminal that staff stand at; sells nothing",
    permission: 'card:rewrite',
    params: orderParam,
    body: rewriteRequest,
    response: sealedPlan,
    problems: [
      'request.not-found',
      'order.not-found',
      'order.closed',
      'order.not-sold',
      'order.not-for-card',
      'order.leased-elsewhere',
      'order.already-written',
      'card.changed',
      'card.key-refused',
      'grid.key-refused',
      'card.damaged',
      'grid.refused',
      'grid.unavailable',
    ],
    handler: (input) =>
      rewrites.release(
        { orderNo: input.params.orderNo, ...input.body },
        adminOf(input.principal),
        whereOf(input),
      ),
  });
}

function replacementRoutes(replacements: Replacements): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/replacements',
      stepUp: true,
      summary: 'Asks for a replacement card; a second person allows it, then the named terminal writes it',
      permission: 'card:replace',
      body: replacementRequest,
      status: 202,
      response: replacementResponse,
      problems: ['request.not-found', 'customer.unknown', 'grid.refused', 'grid.unavailable'],
      handler: async (input) => {
        const { replacement, approval } = await replacements.request(
          input.body,
          adminOf(input.principal),
          whereOf(input),
        );
        return { replacement: replacementViewOf(replacement), approval: approvalView(approval) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/replacements',
      summary: 'The newest replacement cards',
      permission: 'card:replace',
      response: z.object({ replacements: z.array(replacementView) }),
      handler: async ({ principal }) => ({
        replacements: (await replacements.list(100, adminOf(principal).scope)).map(replacementViewOf),
      }),
    }),
  ];
}

/** Without the household's number and without card serials. */
export function replacementViewOf(replacement: Replacement): ReplacementView {
  return {
    requestNo: replacement._id,
    terminalId: replacement.terminalId,
    customer: replacement.masked,
    status: replacement.status,
    openOrderNo: replacement.openOrderNo ?? null,
    requestedBy: replacement.requestedBy.name,
    createdAt: replacement.createdAt.toISOString(),
    expiresAt: replacement.expiresAt.toISOString(),
  };
}
