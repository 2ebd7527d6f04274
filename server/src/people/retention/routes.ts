import {
  bindingRemoval,
  erasureAsked,
  erasureRequest,
  residentBindingParam,
  residentFound,
  residentLookUp,
  retentionState,
} from '@bianmin/purchase/api/residents';
import type { Erasures } from './erasures.ts';
import type { Retention } from './retention.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';

// A household is of no terminal: it belongs to no organisation.
const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;

/** What is kept of residents: looked up by number, masked and in the trail; unbound; erased by two persons; and the rules. */
export function adminResidentRoutes({
  erasures,
  retention,
}: {
  erasures: Erasures;
  retention: Pick<Retention, 'state'>;
}): AnyRoute[] {
  return [
    ...householdRoutes(erasures),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/retention',
      summary: 'What is kept how long and why, and what is due to be taken away now',
      permission: 'resident:read',
      response: retentionState,
      handler: () => retention.state(),
    }),
  ];
}

function householdRoutes(erasures: Erasures): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/residents/look-up',
      summary: 'Which phones and boxes a household is bound to, masked; every look-up is recorded',
      permission: 'resident:read',
      perMinute: 30,
      body: residentLookUp,
      response: residentFound,
      handler: (input) => erasures.find(input.body, adminOf(input.principal), whereOf(input)),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/residents/bindings/:holder/:id/unbind',
      summary: 'Takes a household off a phone or a box; orders under way go on',
      permission: 'resident:manage',
      params: residentBindingParam,
      body: bindingRemoval,
      status: 204,
      problems: ['binding.not-found'],
      handler: async (input) => {
        const of = { ...input.params, ...input.body };
        await erasures.unbind(of, adminOf(input.principal), whereOf(input));
        return undefined;
      },
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: '/v1/admin/residents/erasures',
      summary:
        'Asks for what is kept of a household to be erased as far as the law allows; a second person allows it',
      permission: 'resident:manage',
      perMinute: 30,
      body: erasureRequest,
      status: 202,
      response: erasureAsked,
      handler: async (input) => {
        const asked = await erasures.request(input.body, adminOf(input.principal), whereOf(input));
        return { approval: approvalView(asked.approval), found: asked.found };
      },
    }),
  ];
}
