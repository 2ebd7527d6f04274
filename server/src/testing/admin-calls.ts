import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { PERMISSIONS } from '../kernel/permissions.ts';
import { scopeOf } from '../kernel/scope.ts';
import { createApp } from '../web/app.ts';
import { INTENT_HEADER } from '../route/idempotency.ts';
import { etagOf } from '../route/precondition.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';
import type { AnyRoute } from '../route/route.ts';
import { createMetrics } from '../adapters/metrics/metrics.ts';
import { serve } from './app.ts';
import { testConfig } from './config.ts';
import type { FakeTerminal, OrderWorld } from './order-world.ts';
import { staffMember } from './staff-members.ts';

/** Calls of people to endpoints that are served for a test. */
export interface AdminCalls {
  /** For requests of other kinds. */
  readonly url: string;
  /** `seen`: the version that goes out as `If-Match`. `as`: a name, or `name|permission,permission|scope`; all permissions and the province where none are named. */
  call(
    method: string,
    path: string,
    init?: { as?: string; body?: unknown; headers?: Readonly<Record<string, string>>; seen?: number },
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** A `get` whose answer is a file. */
  file(
    path: string,
    init?: { as?: string },
  ): Promise<{ status: number; type: string; name: string; bytes: Uint8Array }>;
  close(): Promise<void>;
}

/** Each route wants its own permission: all others together are refused. `addressOf` fills the places of a path. */
export async function expectOthersRefused(
  calls: AdminCalls,
  routes: readonly AnyRoute[],
  addressOf: (path: string) => string,
): Promise<void> {
  for (const { method, path, permission } of routes) {
    const others = PERMISSIONS.filter((each) => each !== permission).join(',');
    const { status, body } = await calls.call(method, addressOf(path), { as: `carl|${others}` });
    expect([path, status, body['code']]).toEqual([path, 403, 'auth.forbidden']);
  }
}

/** Serves these routes; each administrator says who they are. Terminals' routes are called by `terminal`. */
export async function serveAdmin(
  routes: AnyRoute[],
  world: Pick<OrderWorld, 'log'>,
  terminal?: FakeTerminal,
): Promise<AdminCalls> {
  const app = await serve(
    createApp({
      deps: { log: world.log, config: testConfig() },
      routes,
      authenticators: {
        terminal: () =>
          terminal === undefined
            ? Promise.reject(new Error('Nobody is.'))
            : Promise.resolve({ kind: 'terminal', device: 'kiosk', ...terminal }),
        admin: (ctx) => {
          const [name = '', permissions = '', scope] = ctx.get('authorization').slice(7).split('|');
          const named = PERMISSIONS.filter((each) => permissions.split(',').includes(each));
          return Promise.resolve(staffMember(name, permissions === '' ? PERMISSIONS : named, scopeOf(scope)));
        },
        payer: () => Promise.reject(new Error('Nobody is.')),
      },
      limiter: { take: () => Promise.resolve() } as unknown as RateLimiter,
      metrics: createMetrics({ defaults: false }),
    }),
  );
  return {
    url: app.url,
    async call(method, path, init = {}) {
      const answer = await fetch(`${app.url}${path}`, {
        method: method.toUpperCase(),
        headers: {
          authorization: `Bearer ${init.as ?? 'anna'}`,
          ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(init.seen === undefined ? {} : { 'if-match': etagOf(init.seen) }),
          ...(method.toLowerCase() === 'post' ? { [INTENT_HEADER]: randomUUID() } : {}),
          ...init.headers,
        },
        ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      });
      const text = await answer.text();
      return {
        status: answer.status,
        // A file's is no JSON.
        body:
          text !== '' && /\bjson\b/u.test(answer.headers.get('content-type') ?? '')
            ? (JSON.parse(text) as Record<string, unknown>)
            : {},
      };
    },
    async file(path, init = {}) {
      const answer = await fetch(`${app.url}${path}`, {
        headers: { authorization: `Bearer ${init.as ?? 'anna'}` },
      });
      return {
        status: answer.status,
        type: answer.headers.get('content-type') ?? '',
        name: answer.headers.get('content-disposition') ?? '',
        bytes: new Uint8Array(await answer.arrayBuffer()),
      };
    },
    close: () => app.close(),
  };
}
