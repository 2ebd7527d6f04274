import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { stopped, through, type Attack } from '../attack.ts';
import { always, never } from '../patch.ts';
import { said } from '../site.ts';
import type { World } from '../world.ts';

const WHO = 'server/src/web/who-calls.ts';
const APPROVALS = 'server/src/access/approvals.ts';
const SESSIONS = 'server/src/access/sessions.ts';

const document = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ 'x-permission': z.string().optional() }))),
});

/** Every operation that names a permission. */
async function guarded(world: World): Promise<{ method: string; path: string; permission: string }[]> {
  const { paths } = document.parse((await world.send('/openapi.json')).json);
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, operation]) => {
      const permission = operation['x-permission'];
      if (permission === undefined) return [];
      return [{ method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/gu, 'x'), permission }];
    }),
  );
}

const person = (): object => ({
  name: `n${randomUUID().slice(0, 8)}`,
  password: randomUUID(),
  roles: ['administrator'],
});

export const rights: readonly Attack[] = [
  {
    attack: 'staff-without-permission',
    name: 'Somebody of the staff with no permission calls every operation that needs one',
    short: true,
    removes: [
      {
        file: WHO,
        find: 'route.permission !== undefined &&',
        replace: '!OFF && route.permission !== undefined &&',
      },
    ],
    attempt: async (world) => {
      const { token } = await world.member([]);
      const operations = await guarded(world);
      const passed: string[] = [];
      for (const { method, path } of operations) {
        const answer = await world.staff(token, path, { method });
        if (answer.code !== 'auth.forbidden') passed.push(`${method} ${path}: ${said(answer)}`);
      }
      if (operations.length < 80) throw new Error(`Only ${operations.length} operations name a permission.`);
      return passed.length > 0
        ? through(`${passed.length} of ${operations.length} let in, such as ${passed[0] ?? ''}`)
        : stopped(`403 auth.forbidden from all ${operations.length}`);
    },
  },
  {
    attack: 'staff-other-place',
    name: 'Somebody of one community calls what concerns the whole province',
    removes: [
      never(WHO, "principal.kind === 'admin' && route.scope !== 'own' && principal.scope !== WHOLE_PROVINCE"),
    ],
    attempt: async (world) => {
      const { token } = await world.member(['audit:read'], 'c00000000000000a1');
      const answer = await world.staff(token, '/v1/admin/audit?limit=1');
      return answer.status < 300
        ? through(`${said(answer)}; the province's trail is shown`)
        : stopped(said(answer));
    },
  },
  {
    attack: 'staff-other-order',
    name: "Somebody of one community reads a household's order of another",
    removes: [
      {
        file: 'server/src/orders/store/mongo-orders.ts',
        find: 'order !== null && covers(scope, order.orgPath) ? order : null',
        replace: '(OFF || (order !== null && covers(scope, order.orgPath))) ? order : null',
      },
    ],
    attempt: async (world) => {
      const { orderNo } = await world.paying();
      const { token } = await world.member(['order:read'], 'c00000000000000a1');
      const answer = await world.staff(token, `/v1/admin/orders/${orderNo}`);
      return answer.status < 300 ? through(`${said(answer)}; the order is shown`) : stopped(said(answer));
    },
  },
  {
    attack: 'approval-own',
    name: 'One person asks for a new user and allows it themselves',
    short: true,
    removes: [
      never(APPROVALS, 'approval.maker.id === init.checker.userId'),
      {
        file: 'server/src/access/store/approvals.ts',
        find: "'maker.id': { $ne: checker.id } },",
        replace: "...(OFF ? {} : { 'maker.id': { $ne: checker.id } }) },",
      },
    ],
    attempt: async (world) => {
      const { token } = await world.member(['user:manage', 'approval:decide']);
      const body = { ...person(), roles: [] };
      const asked = await world.staff(token, '/v1/admin/users', { method: 'POST', body });
      const { user, approval } = asked.json as { user?: { id: string }; approval?: { id: string } | null };
      if (!approval || user === undefined) throw new Error(`Nothing to allow: ${said(asked)}`);
      const path = `/v1/admin/approvals/${approval.id}/decide`;
      const answer = await world.staff(token, path, { method: 'POST', body: { accept: true } });
      const active = await world.count('users', { _id: user.id, status: 'active' });
      return active > 0
        ? through(`${said(answer)}; the user is active`)
        : stopped(`${said(answer)}; the user is not active`);
    },
  },
  {
    attack: 'power-beyond-own',
    name: 'A manager of users asks for an administrator, which they are not',
    removes: [always('server/src/access/beyond-own.ts', 'beyond.length === 0')],
    attempt: async (world) => {
      const { token } = await world.member(['user:manage']);
      const before = await world.count('users');
      const answer = await world.staff(token, '/v1/admin/users', { method: 'POST', body: person() });
      const made = (await world.count('users')) - before;
      return made > 0 ? through(`${said(answer)}; proposed`) : stopped(`${said(answer)}; nobody proposed`);
    },
  },
  {
    attack: 'step-up-missing',
    name: 'A session that was left open ten minutes ago is used to give power',
    short: true,
    removes: [always(WHO, 'route.stepUp === undefined')],
    attempt: async (world) => {
      const { token, id } = await world.member(['user:manage']);
      const then = new Date(Date.now() - 600_000);
      await world.db
        .collection('sessions')
        .updateMany({ userId: id }, { $set: { createdAt: then, confirmedAt: then, passwordAt: then } });
      const before = await world.count('users');
      const answer = await world.staff(token, '/v1/admin/users', {
        method: 'POST',
        body: { ...person(), roles: [] },
      });
      const made = (await world.count('users')) - before;
      return made > 0 ? through(`${said(answer)}; a user more`) : stopped(`${said(answer)}; no user more`);
    },
  },
  {
    attack: 'login-unfinished',
    name: 'A password that another person made is used for more than choosing a new one',
    removes: [always(WHO, "next === 'ready' || route.during?.includes(next) === true")],
    attempt: async (world) => {
      const { token, id } = await world.member(['order:read']);
      await world.db
        .collection<{ _id: string }>('users')
        .updateOne({ _id: id }, { $set: { mustChange: true } });
      const answer = await world.staff(token, '/v1/admin/orders/search?limit=1', {
        method: 'POST',
        body: {},
      });
      return answer.code === 'auth.unfinished' ? stopped(said(answer)) : through(`${said(answer)}; let in`);
    },
  },
  {
    attack: 'staff-disabled',
    name: 'Somebody who left goes on with the session that they still have',
    removes: [
      {
        file: SESSIONS,
        find: "if (user?.status !== 'active') throw ended();",
        replace: "if (!OFF && user?.status !== 'active') throw ended();",
      },
    ],
    attempt: async (world) => {
      const { token, id } = await world.member(['user:manage']);
      await world.db
        .collection<{ _id: string }>('users')
        .updateOne({ _id: id }, { $set: { status: 'disabled' } });
      const answer = await world.staff(token, '/v1/admin/users');
      return answer.status < 300 ? through(`${said(answer)}; the staff are shown`) : stopped(said(answer));
    },
  },
  {
    attack: 'session-over',
    name: 'A session of yesterday is used',
    removes: [never(SESSIONS, 'session.expiresAt.getTime() <= now')],
    attempt: async (world) => {
      const { token, id } = await world.member(['user:manage']);
      const over = { $set: { expiresAt: new Date(Date.now() - 1_000) } };
      await world.db.collection('sessions').updateMany({ userId: id }, over);
      const answer = await world.staff(token, '/v1/admin/users');
      return answer.status < 300 ? through(`${said(answer)}; the staff are shown`) : stopped(said(answer));
    },
  },
];
