import { randomInt } from 'node:crypto';
import { enrolCodeResponse } from '@bianmin/shared/api/admin-terminals';
import { enrolCodeQuery, PROVINCE } from '@bianmin/shared/api/org';
import type { Clock } from '@bianmin/shared/clock';
import type { AuditTrail } from '../../access/audit.ts';
import { adminOf, recordFor } from '../../access/caller.ts';
import type { Orgs } from '../../people/orgs/orgs.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import type { EnrolCodeStore } from '../store/enrol-codes.ts';

/** An administrator who stands before a new terminal types the code within the hour. */
const CODE_TTL_MS = 3_600_000;
/** No 0, O, 1, I or L: it is read out. 12 of 31 signs are 59 bits. */
const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';

export interface EnrolCodeServices {
  readonly orgs: Pick<Orgs, 'getWithin'>;
  readonly codes: EnrolCodeStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
}

/** What a new terminal is accepted by without anybody's decision. */
export function enrolCodeRoute(services: EnrolCodeServices): AnyRoute {
  return defineRoute({
    method: 'post',
    path: '/v1/admin/enrol-codes',
    summary: 'Makes a one-time code that accepts one terminal at its enrolment',
    tag: 'admin',
    auth: 'admin',
    permission: 'terminal:accept',
    scope: 'own',
    status: 201,
    query: enrolCodeQuery,
    response: enrolCodeResponse,
    problems: ['request.not-found'],
    handler: async (input) => {
      const { userId, scope } = adminOf(input.principal);
      const { _id: org } = await services.orgs.getWithin(input.query.community ?? scope, scope);
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
