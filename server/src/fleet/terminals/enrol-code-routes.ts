import { randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import { allowanceRequest, enrolCodeResponse } from '@bianmin/purchase/api/admin-terminals';
import { adminApproval } from '@bianmin/purchase/api/approvals';
import { enrolCodeQuery, PROVINCE } from '@bianmin/purchase/api/org';
import type { AuditTrail } from '../../access/audit.ts';
import { approvalView } from '../../access/approval-view.ts';
import { adminOf, recordFor, whereOf } from '../../access/caller.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { EnrolCodeStore } from '../store/enrol-codes.ts';
import type { AcceptAllowance } from './accept-allowance.ts';

/** An administrator who stands before a new terminal types the code within the hour. */
const CODE_TTL_MS = 3_600_000;
/** No 0, O, 1, I or L: it is read out. 12 of 31 signs are 59 bits. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export interface EnrolCodeServices {
  readonly orgs: Pick<Orgs, 'getWithin'>;
  readonly codes: EnrolCodeStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly allowance: Pick<AcceptAllowance, 'take' | 'request'>;
}

/** What new terminals are let in by. */
export function enrolCodeRoutes(services: EnrolCodeServices): AnyRoute[] {
  return [enrolCodeRoute(services), allowanceRoute(services)];
}

function allowanceRoute({ allowance }: EnrolCodeServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/admin/terminal-allowances',
    summary: 'Asks for more terminals that one may let in, on the day on which a second person allows it',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    stepUp: true,
    status: 202,
    body: allowanceRequest,
    response: adminApproval,
    handler: async (input) =>
      approvalView(await allowance.request(input.body, adminOf(input.principal), whereOf(input))),
  });
}

/** What a new terminal is accepted by without anybody's decision. */
function enrolCodeRoute(services: EnrolCodeServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/admin/enrol-codes',
    summary: 'Makes a one-time code that accepts one terminal at its enrolment',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    stepUp: true,
    status: 201,
    query: enrolCodeQuery,
    response: enrolCodeResponse,
    problems: ['request.not-found', 'terminal.needs-second'],
    handler: async (input) => {
      const admin = adminOf(input.principal);
      const { userId, scope } = admin;
      const { _id: org } = await services.orgs.getWithin(input.query.community ?? scope, scope);
      await services.allowance.take(admin);
      const code = Array.from({ length: 12 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
      const at = new Date(services.clock.now());
      const expiresAt = new Date(at.getTime() + CODE_TTL_MS);
      await recordFor(services.audit, input, {
        action: 'enrol-code.create',
        target: userId,
        data: { community: org },
      });
      const into = org === PROVINCE ? {} : { org };
      await services.codes.add(code, { by: userId, at, expiresAt, ...into });
      return { code, expiresAt: expiresAt.toISOString() };
    },
  });
}
