import { adminApproval } from '@bianmin/purchase/api/approvals';
import { releaseReason } from '@bianmin/purchase/api/release';
import { createRollout, rolloutList, rolloutParam, rolloutView } from '@bianmin/purchase/api/rollout';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, whereOf } from '../../access/caller.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { Rollouts } from './rollouts.ts';

const admin = { tag: 'admin', auth: 'admin', scope: 'province' } as const;
const read = { ...admin, permission: 'release:read' } as const;
const manage = { ...admin, permission: 'release:manage' } as const;

/** Throws `request.not-found` where this server takes no releases. */
type On = () => Rollouts;

/** How releases reach the terminals. `known`: absent where this server takes none. */
export function rolloutRoutes(known: Rollouts | undefined, on: On): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      method: 'get',
      path: '/v1/admin/rollouts',
      summary: 'Rollouts, newest first, with how terminals fare in each',
      response: rolloutList,
      handler: async () => ({ rollouts: (await known?.list()) ?? [] }),
    }),
    defineRoute({
      ...manage,
      method: 'post',
      path: '/v1/admin/rollouts',
      summary:
        'Asks for a release to be offered to the terminals of a region, step by step; another person allows it',
      body: createRollout,
      status: 202,
      response: adminApproval,
      problems: [
        'request.not-found',
        'release.state',
        'release.unsigned',
        'rollout.state',
        'order.idempotency-mismatch',
      ],
      handler: async (input) =>
        approvalView(await on().request(input.body, adminOf(input.principal), whereOf(input))),
    }),
    halt(on, 'pause', 'Nobody else is offered it, until two persons let it go on'),
    halt(on, 'stop', 'Nobody else is offered it, for good'),
    ask(on, 'widen', 'Asks for the next step to begin now; another person allows it'),
    ask(on, 'resume', 'Asks for it to go on after a halt; another person allows it'),
  ];
}

function halt(on: On, verb: 'pause' | 'stop', summary: string): AnyRoute {
  const to: 'paused' | 'stopped' = verb === 'pause' ? 'paused' : 'stopped';
  return defineRoute({
    ...manage,
    method: 'post',
    path: `/v1/admin/rollouts/:id/${verb}`,
    summary,
    params: rolloutParam,
    body: releaseReason,
    response: rolloutView,
    problems: ['request.not-found', 'rollout.state'],
    handler: async (input) => {
      const of = { to, reason: input.body.reason, by: adminOf(input.principal), where: whereOf(input) };
      return on().halt(input.params.id, of);
    },
  });
}

function ask(on: On, to: 'widen' | 'resume', summary: string): AnyRoute {
  return defineRoute({
    ...manage,
    method: 'post',
    path: `/v1/admin/rollouts/:id/${to}`,
    summary,
    params: rolloutParam,
    body: releaseReason,
    status: 202,
    response: adminApproval,
    problems: ['request.not-found', 'rollout.state'],
    handler: async (input) => {
      const of = { to, reason: input.body.reason, maker: adminOf(input.principal), where: whereOf(input) };
      return approvalView(await on().requestMove(input.params.id, of));
    },
  });
}
