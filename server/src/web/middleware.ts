import type { Context, Middleware, Next } from 'koa';
import type { Logger } from 'pino';
import {
  currentSpanId,
  laterTraceId,
  newSpanId,
  newTraceId,
  parentSpanIdOf,
  runWithTrace,
  traceIdOf,
} from '@bianmin/purchase/node/trace';
import { PROBLEMS } from '@bianmin/purchase/api/problem';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import { problemBody } from './problem-body.ts';
import { problemOf } from '../route/problem-of.ts';
import type { SpanSink } from '../adapters/tracing/span.ts';

/** Asked again and again by who watches us, not by who uses us: no span and no line tells of it. */
const UNTOLD: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** What the middleware and the routes leave on `ctx.state`. */
export interface AppState {
  traceId: string;
  /** The route's path with its parameters unfilled; absent where nothing matched. */
  route?: string;
  problem?: string;
}

export function stateOf(ctx: Context): AppState {
  return ctx.state;
}

/** Gives the request its trace id, for every log line and the answer; where spans are told of, it is one. */
export function trace(spans: SpanSink | undefined): Middleware {
  return async (ctx: Context, next: Next) => {
    const traceId = traceIdOf(ctx.get('traceparent')) ?? newTraceId();
    stateOf(ctx).traceId = traceId;
    ctx.set('Trace-Id', traceId);
    if (spans === undefined) await runWithTrace(traceId, next);
    else await runWithTrace(traceId, () => spanOf(spans, ctx, next), newSpanId());
  };
}

/** Told of when its answer has ended, by its route alone: an address may hold what no collector should know. */
function spanOf(spans: SpanSink, ctx: Context, next: Next): Promise<void> {
  const begun = performance.now();
  const [traceIdNow, spanId] = [laterTraceId(), currentSpanId() ?? newSpanId()];
  ctx.res.once('close', () => {
    const { route, problem } = stateOf(ctx);
    const traceId = traceIdNow();
    if (route === undefined || traceId === undefined || UNTOLD.has(route)) return;
    const { statusCode } = ctx.res;
    spans({
      ...{ traceId, spanId, parentId: parentSpanIdOf(ctx.get('traceparent')) },
      ...{ name: `${ctx.method} ${route}`, kind: 'server', failed: statusCode >= 500 },
      ms: performance.now() - begun,
      facts: {
        ...{ 'http.request.method': ctx.method, 'http.route': route },
        'http.response.status_code': statusCode,
        ...(problem === undefined ? {} : { 'error.type': problem }),
      },
    });
  });
  return next();
}

/** An API answers programs: nothing of it may be framed, sniffed, cached or used as a page's resource. */
export const SECURITY_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

export const securityHeaders: Middleware = async (ctx: Context, next: Next) => {
  ctx.set(SECURITY_HEADERS);
  await next();
};

/**
 * One line and one measurement a request, when its answer has ended, by its route alone: its address, found or not, may be all
 * that its holder needs. No query, headers or bodies.
 */
export function requestLog(log: Logger, metrics: Metrics): Middleware {
  return async (ctx: Context, next: Next) => {
    const begun = performance.now();
    const traceIdNow = laterTraceId();
    ctx.res.once('close', () => {
      const ms = Math.round((performance.now() - begun) * 10) / 10;
      const { route, problem } = stateOf(ctx);
      const labels = { route: route ?? 'none', method: ctx.method, status: String(ctx.res.statusCode) };
      metrics.httpSeconds.observe(labels, ms / 1000);
      if (UNTOLD.has(route ?? '')) return;
      const fields = {
        ...labels,
        status: ctx.res.statusCode,
        ms,
        traceId: traceIdNow(),
        problem,
      };
      if (ctx.res.statusCode >= 500) log.error(fields, 'request');
      else log.info(fields, 'request');
    });
    await next();
  };
}

/** The one place where an error becomes an answer: RFC 9457 problem+json. */
export function problems(log: Logger, metrics: Metrics): Middleware {
  return async (ctx: Context, next: Next) => {
    try {
      await next();
    } catch (thrown) {
      const error = problemOf(thrown);
      const { status } = PROBLEMS[error.code];
      // Readiness itself says when it comes and goes.
      if (UNTOLD.has(stateOf(ctx).route ?? '')) log.debug({ err: error }, 'not ready');
      else if (status >= 500) log.error({ err: error.cause ?? error }, 'a request failed');
      else log.debug({ err: error }, 'a request was refused');
      metrics.problems.inc({ code: error.code });
      stateOf(ctx).problem = error.code;
      if (ctx.res.headersSent) {
        ctx.res.destroy();
        return;
      }
      ctx.status = status;
      ctx.set('Content-Type', 'application/problem+json');
      if (error.retryAfterS !== undefined) ctx.set('Retry-After', String(Math.ceil(error.retryAfterS)));
      if (error.code === 'request.too-large') ctx.set('Connection', 'close');
      // Terminals set their clocks by it, and Node's own is of up to a second ago: too old where our clock was just set.
      if (error.code === 'terminal.bad-proof') ctx.set('Date', new Date().toUTCString());
      ctx.body = JSON.stringify(problemBody(error, stateOf(ctx).traceId));
    }
  };
}
