import { z } from 'zod';
import {
  assignCaseRequest,
  caseListQuery,
  caseParam,
  caseTextRequest,
  staffCase,
  type StaffCase,
} from '@bianmin/purchase/api/staff';
import type { AuditTrail } from '../access/audit.ts';
import type { Case } from './case.ts';
import type { Cases } from './cases.ts';
import { CASE_KINDS } from '../orders/model/case-sink.ts';
import type { UserStore } from '../access/store/users.ts';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { adminOf, personOf, recordFor } from '../access/caller.ts';

export interface AdminCaseServices {
  readonly cases: Cases;
  readonly users: UserStore;
  readonly audit: AuditTrail;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const work = { ...admin, permission: 'case:work', params: caseParam, response: staffCase } as const;

/** Differences that a person answers for. Working on one changes no order; that takes an order's own actions. */
export function adminCaseRoutes(services: AdminCaseServices): AnyRoute[] {
  return [...readingRoutes(services), ...workingRoutes(services)];
}

function readingRoutes({ cases }: AdminCaseServices): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/cases',
      summary: 'Cases, newest first',
      permission: 'case:read',
      query: caseListQuery,
      response: z.object({ cases: z.array(staffCase) }),
      handler: async ({ query, principal }) => {
        const { before, kind, ids, ...rest } = query;
        const known = CASE_KINDS.find((each) => each === kind);
        if (kind !== undefined && known === undefined) return { cases: [] };
        const found = await cases.list(
          {
            ...{ ...rest, kind: known, ids: ids?.split(',') },
            before: before === undefined ? undefined : new Date(before),
          },
          adminOf(principal).scope,
        );
        return { cases: found.map(caseView) };
      },
    }),
    defineRoute({
      ...admin,
      method: 'get',
      path: '/v1/admin/cases/:id',
      summary: 'One case with its notes',
      permission: 'case:read',
      params: caseParam,
      response: staffCase,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) =>
        caseView(await cases.getWithin(params.id, adminOf(principal).scope)),
    }),
  ];
}

function workingRoutes({ cases, users, audit }: AdminCaseServices): AnyRoute[] {
  return [
    defineRoute({
      ...work,
      method: 'post',
      path: '/v1/admin/cases/:id/assign',
      summary: 'Says who answers for the case',
      body: assignCaseRequest,
      problems: ['request.not-found', 'case.resolved'],
      handler: async (input) => {
        const { _id: id } = await cases.getWithin(input.params.id, adminOf(input.principal).scope);
        const owner = input.body.owner === null ? null : await ownerOf(users, input.body.owner);
        await recordFor(audit, input, {
          action: 'case.assign',
          target: id,
          data: {
            before: { owner: (await cases.get(id)).owner?.id ?? null },
            after: { owner: owner?.id ?? null },
          },
        });
        return caseView(await cases.assign(id, owner));
      },
    }),
    defineRoute({
      ...work,
      method: 'post',
      path: '/v1/admin/cases/:id/notes',
      summary: 'Adds a note; also to a resolved case',
      body: caseTextRequest,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { _id: id } = await cases.getWithin(input.params.id, adminOf(input.principal).scope);
        return caseView(await cases.note(id, personOf(input.principal), input.body.text));
      },
    }),
    defineRoute({
      ...work,
      method: 'post',
      path: '/v1/admin/cases/:id/resolve',
      summary: 'Says what became of the difference; found again, the case is open again',
      body: caseTextRequest,
      problems: ['request.not-found', 'case.resolved'],
      handler: async (input) => {
        const { _id: id } = await cases.getWithin(input.params.id, adminOf(input.principal).scope);
        await recordFor(audit, input, { action: 'case.resolve', target: id });
        return caseView(await cases.resolve(id, personOf(input.principal), input.body.text));
      },
    }),
  ];
}

async function ownerOf(users: UserStore, id: string): Promise<{ id: string; name: string }> {
  const user = await users.get(id);
  if (user?.status !== 'active') {
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such active user.' });
  }
  return { id: user._id, name: user.name };
}

function caseView(found: Case): StaffCase {
  const { _id, version: _, orgPath: __, ...rest } = found;
  return {
    ...rest,
    id: _id,
    facts: { ...found.facts },
    notes: found.notes.map((note) => ({ ...note, at: note.at.toISOString() })),
    resolution:
      found.resolution === null ? null : { ...found.resolution, at: found.resolution.at.toISOString() },
    openedAt: found.openedAt.toISOString(),
    updatedAt: found.updatedAt.toISOString(),
  };
}
