import {
  repair,
  repairers,
  repairList,
  repairOwner,
  repairParam,
  repairQuery,
  repairRequest,
  repairText,
  type Repair as RepairView,
} from '@bianmin/purchase/api/repairs';
import type { AuditTrail } from '../../access/audit.ts';
import { adminOf, personOf, recordFor } from '../../access/caller.ts';
import type { User, UserStore } from '../../access/store/users.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { covers, scopeOf } from '../../kernel/scope.ts';
import { defineRoute, type AnyRoute } from '../../route/route.ts';
import { done, handed, noted, type Repair, type RepairPerson } from './repair.ts';
import type { Repairs } from './repairs.ts';

export interface RepairServices {
  readonly repairs: Repairs;
  readonly users: Pick<UserStore, 'get' | 'active' | 'permissionsOf'>;
  readonly audit: AuditTrail;
}

const admin = { tag: 'admin', auth: 'admin', scope: 'own' } as const;
const PATH = '/v1/admin/fleet/repairs';

/**
 * Terminals that somebody has to go to. Whoever sees a terminal may report it and say what they know; to take a repair, hand it
 * over and end it is for those who look after terminals.
 */
export function repairRoutes(services: RepairServices): AnyRoute[] {
  return [...sayingRoutes(services), ...workingRoutes(services)];
}

function sayingRoutes({ repairs, audit }: RepairServices): AnyRoute[] {
  return [
    defineRoute({
      ...admin,
      method: 'get',
      path: PATH,
      summary: "Repairs of terminals within the caller's scope, newest first",
      permission: 'terminal:read',
      query: repairQuery,
      response: repairList,
      handler: async ({ query: { before, ...query }, principal }) => ({
        repairs: (
          await repairs.list(
            { ...query, before: before === undefined ? undefined : new Date(before) },
            adminOf(principal).scope,
          )
        ).map(viewOf),
      }),
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: PATH,
      summary: 'Reports that a terminal is broken; what is reported already has the words as a note',
      permission: 'terminal:read',
      body: repairRequest,
      response: repair,
      problems: ['request.not-found'],
      handler: async (input) => {
        const { terminalId, fault } = input.body;
        await recordFor(audit, input, { action: 'repair.report', target: terminalId, data: { fault } });
        return viewOf(
          await repairs.report(input.body, personOf(input.principal), adminOf(input.principal).scope),
        );
      },
    }),
    defineRoute({
      ...admin,
      method: 'post',
      path: `${PATH}/:id/notes`,
      summary: 'Adds a note; also to a repair that is over',
      permission: 'terminal:read',
      params: repairParam,
      body: repairText,
      response: repair,
      problems: ['request.not-found'],
      handler: async (input) => {
        const said = repairs.said(personOf(input.principal), input.body.text);
        const { scope } = adminOf(input.principal);
        return viewOf(await repairs.change(input.params.id, scope, (known) => noted(known, said)));
      },
    }),
  ];
}

function workingRoutes({ repairs, users, audit }: RepairServices): AnyRoute[] {
  const work = { ...admin, permission: 'terminal:command' } as const;
  const one = { ...work, method: 'post', params: repairParam, response: repair } as const;
  const problems = ['request.not-found', 'repair.done'] as const;
  return [
    defineRoute({
      ...work,
      method: 'get',
      path: `${PATH}/:id/repairers`,
      summary: 'Active users in whose scope the repair is and who may take it, by name',
      params: repairParam,
      response: repairers,
      problems: ['request.not-found'],
      handler: async ({ params, principal }) => {
        const { orgPath } = await repairs.get(params.id, adminOf(principal).scope);
        return { people: await repairersOf(users, orgPath) };
      },
    }),
    defineRoute({
      ...one,
      path: `${PATH}/:id/owner`,
      summary: 'Says who answers for the repair: the caller, or whom it is handed over to',
      body: repairOwner,
      problems: [...problems],
      handler: async (input) => {
        const { scope } = adminOf(input.principal);
        const { _id, orgPath } = await repairs.get(input.params.id, scope);
        const to = await ownerOf(users, input.body.owner, orgPath);
        await recordFor(audit, input, {
          action: 'repair.owner',
          target: _id,
          data: { after: { owner: to.id } },
        });
        const said = repairs.said(personOf(input.principal));
        return viewOf(await repairs.change(_id, scope, (known) => handed(known, to, said)));
      },
    }),
    defineRoute({
      ...one,
      path: `${PATH}/:id/done`,
      summary: 'Says that the terminal works again, and what it was',
      body: repairText,
      problems: [...problems],
      handler: async (input) => {
        const { scope } = adminOf(input.principal);
        const { _id } = await repairs.get(input.params.id, scope);
        await recordFor(audit, input, { action: 'repair.done', target: _id });
        const said = repairs.said(personOf(input.principal), input.body.text);
        return viewOf(await repairs.change(_id, scope, (known) => done(known, said)));
      },
    }),
  ];
}

/** Few roles, looked at once each. */
async function repairersOf(
  users: RepairServices['users'],
  path: readonly string[] | undefined,
): Promise<RepairPerson[]> {
  const found = (await users.active()).filter(({ scope }) => covers(scopeOf(scope), path));
  const mays = new Map<string, boolean>();
  const people: RepairPerson[] = [];
  for (const user of found) {
    const roles = JSON.stringify(user.roles);
    if (!mays.has(roles)) mays.set(roles, await mayRepair(users, user));
    if (mays.get(roles) === true) people.push({ id: user._id, name: user.name });
  }
  return people.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function mayRepair(users: RepairServices['users'], { roles }: Pick<User, 'roles'>): Promise<boolean> {
  return (await users.permissionsOf(roles)).has('terminal:command');
}

async function ownerOf(
  users: RepairServices['users'],
  id: string,
  path: readonly string[] | undefined,
): Promise<RepairPerson> {
  const user = await users.get(id);
  if (user?.status === 'active' && covers(scopeOf(user.scope), path) && (await mayRepair(users, user))) {
    return { id: user._id, name: user.name };
  }
  throw new ProblemError({
    code: 'request.not-found',
    message: 'There is no active user who looks after this terminal under that id.',
  });
}

function viewOf(found: Repair): RepairView {
  const { _id: id, terminalId, name, address, orgPath, fault, status, owner, steps } = found;
  return {
    ...{ id, terminalId, name, address: address ?? null, org: orgPath?.at(-1) ?? null, fault, status, owner },
    steps: steps.map(({ to, at, ...step }) => ({ ...step, to: to ?? null, at: at.toISOString() })),
    ...{ openedAt: found.openedAt.toISOString(), updatedAt: found.updatedAt.toISOString() },
  };
}
