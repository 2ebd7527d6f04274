import Koa, { type Context } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import { parseBody, readBody } from './body.ts';
import { problems, requestLog, securityHeaders, stateOf, trace } from './middleware.ts';
import { intentOf } from '../route/idempotency.ts';
import { etagOf, seenOf } from '../route/precondition.ts';
import { LIMITS } from '../kernel/limits.ts';
import { networkOf } from '../kernel/network.ts';
import { ProblemError } from '../kernel/problem.ts';
import { inTime, uncounted } from '../kernel/time-left.ts';
import type { SpanSink } from '../adapters/tracing/span.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';
import type { AnyRoute } from '../route/route.ts';
import { RouteGroups } from './route-groups.ts';
import { validateRequest } from './validate.ts';
import { whoCalls, type Authenticators } from './who-calls.ts';

export interface AppInit {
  readonly deps: {
    readonly log: Logger;
    /** Of `config`, how many proxies stand before this process. */
    readonly config: { readonly TRUSTED_PROXIES: number };
    readonly spans?: SpanSink;
  };
  readonly routes: readonly AnyRoute[];
  readonly authenticators: Authenticators;
  readonly limiter: RateLimiter;
  /** Files for browsers, looked at before the routes. */
  readonly pages?: readonly Koa.Middleware[];
  readonly metrics: Metrics;
}

/** The web application out of its list of routes. It knows no endpoint by name. */
export function createApp(init: AppInit): Koa {
  const hops = init.deps.config.TRUSTED_PROXIES;
  const app = new Koa({ proxy: hops > 0, maxIpsCount: hops });
  app.silent = true;
  app.on('error', (error: unknown) => {
    init.deps.log.debug({ err: error }, 'a connection failed');
  });

  const groups = new RouteGroups();
  for (const route of init.routes) {
    const limits = limitsOf(route);
    groups.add(route, (ctx) => inTime(limits, () => handle(route, ctx, init)));
  }
  app.use(trace(init.deps.spans));
  app.use(requestLog(init.deps.log, init.metrics));
  app.use(securityHeaders);
  app.use(problems(init.deps.log, init.metrics));
  for (const pages of init.pages ?? []) app.use(pages);
  app.use(groups.routes());
  app.use((ctx) => {
    throw nothingHere(ctx, groups);
  });
  return app;
}

/** Of what is done for one request, before whoever sent it gives up. What a handler streams comes after it, and is not limited. */
function limitsOf(route: AnyRoute): Parameters<typeof inTime>[0] {
  return {
    limitMs: LIMITS.request,
    operationMs: LIMITS.database[route.auth === 'admin' ? 'staff' : 'request'],
  };
}

async function handle(route: AnyRoute, ctx: Context, init: AppInit): Promise<void> {
  const state = stateOf(ctx);
  state.route = route.path;
  if (route.perMinute !== undefined) {
    await init.limiter.take(`${route.path}:${networkOf(ctx.ip)}`, route.perMinute, 60_000);
  }
  const principal = await whoCalls(route, ctx, init.authenticators);
  const rawBody = await uncounted(() => readBody(ctx.req, route.bodyLimit));
  const { params, query, body } = validateRequest(route, {
    params: (ctx as Context & { params: unknown }).params,
    query: { ...ctx.query },
    body: bodyOf(route, ctx, rawBody),
  });
  const result: unknown = await route.handler({
    params,
    query,
    body,
    rawBody,
    seen: seenOf(route, ctx),
    intent: intentOf(route, ctx, body),
    principal,
    ctx,
    traceId: state.traceId,
  });
  answer(route, ctx, result);
}

function bodyOf(route: AnyRoute, ctx: Context, rawBody: Buffer): unknown {
  if (route.rawBody === true) return undefined;
  if (route.body !== undefined) return parseBody(ctx.get('content-type') || undefined, rawBody);
  if (rawBody.length === 0) return undefined;
  throw new ProblemError({
    code: 'request.malformed',
    message: 'This address accepts no body. Send the request without one.',
    errors: [{ pointer: '/body', detail: 'is not expected here' }],
  });
}

/** What `etag: true` wants of an answer. */
const documentSchema = z.object({ version: z.int() });

/** Only what the schema declares goes out; an answer that does not fit it is our fault and stays inside. */
function answer(route: AnyRoute, ctx: Context, result: unknown): void {
  const schema = route.response as z.ZodType | undefined;
  if (schema === undefined) {
    // A handler that found that the caller has it already has said so.
    const isSaid = ctx.body !== undefined || ctx.respond === false || ctx.status === 304;
    if (!isSaid) ctx.status = route.status ?? 204;
    return;
  }
  const parsed = schema.safeParse(result);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
    throw new Error(`The answer of ${route.method} ${route.path} does not fit: ${faults.join('; ')}`);
  }
  if (parsed.data === undefined) {
    // The same.
    if (ctx.status !== 304) ctx.status = 204;
    return;
  }
  ctx.status = route.status ?? 200;
  if (route.etag === true) ctx.set('ETag', etagOf(documentSchema.parse(parsed.data).version));
  ctx.set('Content-Type', 'application/json; charset=utf-8');
  ctx.body = JSON.stringify(parsed.data);
}

function nothingHere(ctx: Context, groups: RouteGroups): ProblemError {
  const allowed = new Set(groups.methodsAt(ctx.path));
  if (allowed.size === 0) {
    return new ProblemError({ code: 'request.not-found', message: 'There is nothing at this address.' });
  }
  ctx.set('Allow', [...allowed].join(', '));
  return new ProblemError({
    code: 'request.method',
    message: `This address does not accept ${ctx.method}. Use a method that Allow names.`,
  });
}
