import type { Clock } from '@bianmin/card/clock';
import {
  auditHeadsFile,
  auditPage,
  auditQuery,
  auditVerification,
  type AuditEntryView,
} from '@bianmin/purchase/api/audit';
import { ProblemError } from '../kernel/problem.ts';
import { defineRoute, type AnyRoute } from '../route/route.ts';
import { AUDIT_FAULTS, type AuditCheck } from './audit-check.ts';
import type { AuditHeads } from './audit-heads.ts';
import { conditionsOf } from './audit-search.ts';
import type { AuditEntry, AuditStore } from './store/audit.ts';
import type { UserStore } from './store/users.ts';

/** Of the newest heads, in the verdict. */
const SHOWN = 20;

const read = {
  method: 'get',
  tag: 'admin',
  auth: 'admin',
  scope: 'province',
  permission: 'audit:read',
} as const;

export interface AdminAuditServices {
  readonly auditStore: AuditStore;
  readonly auditHeads: AuditHeads;
  readonly auditCheck: AuditCheck;
  readonly users: Pick<UserStore, 'get' | 'byName'>;
  readonly clock: Clock;
}

/** Reading the audit trail; nothing can be done to it. */
export function adminAuditRoutes(services: AdminAuditServices): AnyRoute[] {
  return [searchRoute(services), ...proofRoutes(services)];
}

function searchRoute({ auditStore: store, users }: AdminAuditServices): AnyRoute {
  return defineRoute({
    ...read,
    path: '/v1/admin/audit',
    summary: 'Entries of the audit trail by who, action, target and time, newest first',
    query: auditQuery,
    response: auditPage,
    problems: ['request.not-found'],
    handler: async ({ query: { limit, after, ...query } }) => {
      const place = after === undefined ? undefined : await store.get(after);
      if (place === null) throw noEntry();
      // One more than the page holds, so that there is known to be another.
      const found = await store.find({
        ...(await conditionsOf(query, users)),
        after: place,
        limit: limit + 1,
      });
      const shown = found.slice(0, limit);
      const names = await namesOf(shown, users);
      return {
        entries: shown.map((entry) => viewOf(entry, names)),
        next: found.length > limit ? (shown.at(-1)?._id ?? null) : null,
      };
    },
  });
}

/** That the trail is whole, and what it takes to prove that later. */
function proofRoutes({ auditHeads, auditCheck, clock }: AdminAuditServices): AnyRoute[] {
  return [
    defineRoute({
      ...read,
      path: '/v1/admin/audit/verification',
      summary: 'Reads the whole trail and names each fault: what was changed, removed, cut off or added',
      response: auditVerification,
      handler: async () => {
        const { faults, unsealed, ...rest } = await auditCheck.run();
        const heads = await auditHeads.store.newest(SHOWN);
        return {
          ...rest,
          at: new Date(clock.now()).toISOString(),
          faults: faults.map(({ code, entry }) => ({ code, entry, says: AUDIT_FAULTS[code] })),
          unsealed: [...unsealed],
          heads: heads.map((head) => ({ ...head, at: head.at.toISOString() })),
        };
      },
    }),
    defineRoute({
      ...read,
      path: '/v1/admin/audit/heads',
      summary: 'How far every chain has come, to be kept outside of the database',
      response: auditHeadsFile,
      handler: async () => {
        const heads = [];
        for await (const { writer, n, digest } of auditHeads.store.movedSince(new Date(0))) {
          heads.push({ writer, n, digest });
        }
        return { at: new Date(clock.now()).toISOString(), heads };
      },
    }),
  ];
}

async function namesOf(
  entries: readonly AuditEntry[],
  users: AdminAuditServices['users'],
): Promise<ReadonlyMap<string, string>> {
  const ids = new Set(entries.flatMap(({ who }) => (who.kind === 'admin' ? [who.id] : [])));
  const found = await Promise.all([...ids].map((id) => users.get(id)));
  return new Map(found.flatMap((user) => (user === null ? [] : [[user._id, user.name]])));
}

function viewOf(entry: AuditEntry, names: ReadonlyMap<string, string>): AuditEntryView {
  const { _id, at, who, action, target, where, data, prev, digest } = entry;
  return {
    ...{ id: _id, at: at.toISOString(), action, target, where, data: { ...data }, prev, digest },
    who: { ...who, name: names.get(who.id) ?? null },
  };
}

function noEntry(): ProblemError {
  return new ProblemError({
    code: 'request.not-found',
    message: 'There is no such entry. Search again.',
  });
}
