import Koa, { type Context } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { AdminSession, Principal } from '../kernel/principal.ts';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import { parseJson, readBody } from './body.ts';
import { drain } from './drain.ts';
import { problems, requestLog, securityHeaders, stateOf, trace } from './middleware.ts';
import { intentOf } from '../route/idempotency.ts';
import { etagOf, seenOf } from '../route/precondition.ts';
import { ProblemError } from '../kernel/problem.ts';
import type { SpanSink } from '../adapters/tracing/span.ts';
import type { RateLimiter } from '../adapters/redis/rate-limit.ts';
import type { AnyRoute } from '../route/route.ts';
import { RouteGroups } from './route-groups.ts';
import { validateRequest } from './validate.ts';

/** Says who is calling, or throws the problem that stands in the way. */
type Authenticator = (ctx: Context) => Promise<Principal>;

export interface AppInit {
  readonly deps: {
    readonly log: Logger;
    /** Of `config`, how many proxies stand before this process. */
    readonly config: { readonly TRUSTED_PROXIES: number };
    readonly spans?: SpanSink;
  };
  readonly routes: readonly AnyRoute[];
  readonly authenticators: Readonly<Record<'terminal' | 'admin', Authenticator>> & {
    readonly payer?: Authenticator;
  };
  readonly limiter: RateLimiter;
  /** Files for browsers, looked at before the routes. */
  readonly pages?: readonly Koa.Middleware[];
  readonly metrics: Metrics;
  /** Whether this process is about to end; absent: never. */
  readonly leaving?: () => boolean;
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
    groups.add(route, (ctx) => handle(route, ctx, init));
  }
  app.use(trace(init.deps.spans));
  app.use(requestLog(init.deps.log, init.metrics));
  app.use(securityHeaders);
  app.use(drain(init.leaving ?? (() => false)));
  app.use(problems(init.deps.log, init.metrics));
  for (const pages of init.pages ?? []) app.use(pages);
  app.use(groups.routes());
  app.use((ctx) => {
    throw nothingHere(ctx, groups);
  });
  return app;
}

async function handle(route: AnyRoute, ctx: Context, init: AppInit): Promise<void> {
  const state = stateOf(ctx);
  state.route = route.path;
  if (route.perMinute !== undefined) {
    await init.limiter.take(`${route.path}:${ctx.ip}`, route.perMinute, 60_000);
  }
  const principal = await whoCalls(route, ctx, init);
  const rawBody = await readBody(ctx.req, route.bodyLimit);
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

async function whoCalls(route: AnyRoute, ctx: Context, init: AppInit): Promise<Principal> {
  if (route.auth === 'none') return { kind: 'none' };
  const authenticator = init.authenticators[route.auth];
  if (authenticator === undefined) throw new Error(`Nothing here proves who calls ${route.path}.`);
  const principal = await authenticator(ctx);
  if (principal.kind === 'admin') finished(route, principal.session);
  if (
    route.permission !== undefined &&
    !(principal.kind === 'admin' && principal.permissions.has(route.permission))
  ) {
    throw new ProblemError({
      code: 'auth.forbidden',
      message: `This needs the permission ${route.permission}.`,
    });
  }
  if (principal.kind === 'admin' && route.scope !== 'own' && principal.scope !== WHOLE_PROVINCE) {
    throw new ProblemError({
      code: 'auth.out-of-scope',
      message: 'This concerns the whole province. Ask somebody whose scope is the province.',
    });
  }
  stepUp(route, principal);
  return principal;
}

/** A login that lacks a step opens nothing but that step. */
function finished(route: AnyRoute, { next }: AdminSession): void {
  if (next === 'ready' || route.during?.includes(next) === true) return;
  const due = { totp: 'the code', password: 'a password of one’s own', 'totp-setup': 'a second factor' };
  throw new ProblemError({
    code: 'auth.unfinished',
    message: `The login is not finished: ${due[next]} is still due.`,
  });
}

function stepUp(route: AnyRoute, principal: Principal): void {
  if (route.stepUp !== true || (principal.kind === 'admin' && principal.session.fresh)) return;
  throw new ProblemError({
    code: 'auth.step-up',
    message: 'Confirm with the password or a code (POST /v1/admin/me/confirm), then send this again.',
  });
}

function bodyOf(route: AnyRoute, ctx: Context, rawBody: Buffer): unknown {
  if (route.rawBody === true) return undefined;
  if (route.body !== undefined) return parseJson(ctx.get('content-type') || undefined, rawBody);
  if (rawBody.length === 0) return undefined;
  throw new ProblemError({
    code: 'request.malformed',
    message: 'This takes no body.',
    errors: [{ pointer: '/body', detail: 'is not expected here' }],
  });
}

/** What `etag: true` wants of an answer. */
const documentSchema = z.object({ version: z.int() });

/** Only what the schema declares goes out; an answer that does not fit it is our fault and stays inside. */
function answer(route: AnyRoute, ctx: Context, result: unknown): void {
  const schema = route.response as z.ZodType | undefined;
  if (schema === undefined) {
    if (ctx.body === undefined && ctx.respond !== false) ctx.status = route.status ?? 204;
    return;
  }
  const parsed = schema.safeParse(result);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
    throw new Error(`The answer of ${route.method} ${route.path} does not fit: ${faults.join('; ')}`);
  }
  if (parsed.data === undefined) {
    // A handler that found that the caller has it already has said so.
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
    message: `This address does not take ${ctx.method}.`,
  });
}
