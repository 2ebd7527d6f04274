import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import { COMMUNITY, MATRIX } from '../testing/admin-matrix.ts';
import { serveAdmin, type AdminCalls } from '../testing/admin-calls.ts';
import { openMatrixWorld, type MatrixWorld } from '../testing/matrix-world.ts';
import { openTestWeb, type TestWeb } from '../testing/web.ts';
import type { AnyRoute } from '../route/route.ts';
import { pino } from 'pino';

const SCOPES = { province: 'province', own: '650100', other: '653100' } as const;

/** None of these is about what a thing allows: a caller that is told one was not let near it. */
const REFUSED = ['auth.forbidden', 'auth.out-of-scope', 'request.malformed'];

let running: TestWeb;
let routes: readonly AnyRoute[];
/** Handlers that only say that they were reached. */
let gate: AdminCalls;
/** The real ones. */
let real: AdminCalls;
let world: MatrixWorld;

const log = { log: pino({ level: 'silent' }) };
const nameOf = ({ method, path }: AnyRoute): string => `${method} ${path}`;
const adminRoutes = (): AnyRoute[] => routes.filter(({ tag }) => tag === 'admin');
const guarded = (): AnyRoute[] => adminRoutes().filter(({ auth }) => auth === 'admin');

beforeAll(async () => {
  running = await openTestWeb();
  routes = running.web.routes;
  gate = await serveAdmin(
    guarded().map(({ method, path, tag, summary, auth, permission, scope }) => {
      const asked = { method, path, tag, summary, auth, rawBody: true, status: 204 } as const;
      const handler = () => Promise.resolve(undefined);
      return {
        ...asked,
        ...(permission && { permission }),
        ...(scope && { scope }),
        handler,
      } satisfies AnyRoute;
    }),
    log,
  );
  real = await serveAdmin(guarded(), log);
  world = await openMatrixWorld(running, { community: COMMUNITY, prefecture: SCOPES.own });
});
afterAll(async () => {
  await Promise.all([gate.close(), real.close()]);
  await running.close();
});

describe('the authorisation matrix', () => {
  it('names every endpoint of administrators, and none that there is not', () => {
    const there = guarded().map((route) => [
      nameOf(route),
      { permission: route.permission ?? null, scope: route.scope ?? 'not said' },
    ]);
    const named = Object.entries(MATRIX).map(([name, { permission, data }]) => [
      name,
      { permission, scope: data === 'province' ? 'province' : 'own' },
    ]);
    expect(Object.fromEntries(there)).toEqual(Object.fromEntries(named));
  });

  it('refuses calls without a session, also of a terminal or a phone; a login, the first account and an invitation alone need none', async () => {
    expect(
      adminRoutes()
        .filter(({ auth }) => auth !== 'admin')
        .map(nameOf),
    ).toEqual([
      ...['post /v1/admin/login', 'post /v1/admin/setup'],
      ...['post /v1/admin/invitations/look', 'post /v1/admin/invitations/accept'],
    ]);
    expect(routes.filter(({ path, tag }) => path.startsWith('/v1/admin') !== (tag === 'admin'))).toEqual([]);
    const strangers = [
      {},
      { authorization: 'DPoP eyJhbGciOiJIUzI1NiJ9.e30.x', dpop: 'x' },
      { authorization: `Bearer ${'a'.repeat(43)}` },
      { cookie: `__Host-payer=${'a'.repeat(43)}` },
    ];
    for (const route of guarded()) {
      for (const headers of strangers) {
        const answer = await fetch(`${running.web.url}${world.addressOf(route.path)}`, {
          method: route.method.toUpperCase(),
          headers: headers as Record<string, string>,
        });
        await answer.arrayBuffer();
        expect([nameOf(route), answer.status]).toEqual([nameOf(route), 401]);
      }
    }
  });

  it.each(Object.entries({ ...SCOPES, community: COMMUNITY }))(
    'wants each endpoint’s own permission, alone sufficient, and the scope (%s)',
    async (_, scope) => {
      const wrong: unknown[] = [];
      for (const route of guarded()) {
        const within = route.scope === 'own' || scope === 'province';
        const others = PERMISSIONS.filter((each) => each !== route.permission);
        const own = route.permission === undefined ? [] : [[route.permission]];
        // Each permission alone where nothing else stands in the way; elsewhere the others together.
        const alone = scope === 'province' ? others.map((each) => [each]) : [others];
        const sets: (readonly Permission[])[] = [[], ...own, ...alone, PERMISSIONS];
        const answers = sets.map(async (permissions) => {
          const as = `carl|${permissions.join(',') || 'none'}|${scope}`;
          const { status, body } = await gate.call(route.method, world.addressOf(route.path), { as });
          const has = route.permission === undefined || permissions.includes(route.permission);
          const expected = !has ? 'auth.forbidden' : within ? 204 : 'auth.out-of-scope';
          const got = body['code'] ?? status;
          if (got !== expected) wrong.push([nameOf(route), permissions, scope, got]);
        });
        await Promise.all(answers);
      }
      expect(wrong).toEqual([]);
    },
  );
});

describe('the data of an organisation', () => {
  const scoped = Object.entries(MATRIX).flatMap(([name, { data }]) =>
    typeof data === 'string' ? [] : [{ name, data }],
  );

  it.each(scoped)('is not there for another: $name', async ({ name, data }) => {
    const [method = '', path = ''] = name.split(' ');
    const call = async (scope: string) => {
      const body = data.body?.(world);
      const address = world.addressOf(path) + (data.query ?? '');
      const as = `p${randomUUID().slice(0, 8)}||${scope}`;
      const { seen } = data;
      return real.call(method, address, {
        as,
        ...(body === undefined ? {} : { body }),
        ...(seen === undefined ? {} : { seen }),
      });
    };
    const outside = await call(SCOPES.other);
    const insiders = data.once === true ? [SCOPES.own] : [world.community, SCOPES.own, SCOPES.province];
    if (data.lists === undefined) {
      expect([outside.status, outside.body['code']]).toEqual([data.outside ?? 404, outside.body['code']]);
      for (const scope of insiders) {
        const { status, body } = await call(scope);
        expect([scope, status === 404 || REFUSED.includes(String(body['code'])), body]).toEqual([
          scope,
          false,
          body,
        ]);
      }
      return;
    }
    expect([outside.status, data.lists(outside.body)]).toEqual([outside.status, []]);
    expect(outside.status).toBeLessThan(300);
    for (const scope of insiders) {
      const { body } = await call(scope);
      expect([scope, data.lists(body).length > 0]).toEqual([scope, true]);
    }
  });

  it('is untouched by administrators who could not see it', async () => {
    const { order, terminal } = await world.fresh();
    for (const { name, data } of scoped.filter(({ data: { lists } }) => lists === undefined)) {
      const [method = '', path = ''] = name.split(' ');
      const body = data.body?.(world);
      const as = `x||${SCOPES.other}`;
      await real.call(method, world.addressOf(path) + (data.query ?? ''), {
        as,
        ...(body === undefined ? {} : { body }),
        ...(data.seen === undefined ? {} : { seen: data.seen }),
      });
    }
    expect(await world.fresh()).toEqual({ order, terminal });
  });
});
