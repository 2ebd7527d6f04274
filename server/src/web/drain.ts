import type { Context, Middleware, Next } from 'koa';

/** Set by our own proxy (build/ship/deploy/nginx/proxy.conf): answered 502, it asks another process and leaves this one alone. */
export const HAND_BACK_HEADER = 'X-Bianmin-Hand-Back';

/**
 * While this process is about to end, requests that may be repeated go back to a proxy that said that it repeats them. After two
 * of them it sends nothing more here for some seconds, in which the port can be closed without cutting anybody off:
 * nginx has no other way to be told. What may not be repeated is served as ever.
 */
export function drain(leaving: () => boolean): Middleware {
  return async (ctx: Context, next: Next) => {
    const repeatable = ctx.method === 'GET' || ctx.method === 'HEAD';
    if (leaving() && repeatable && ctx.get(HAND_BACK_HEADER) === '1') {
      ctx.status = 502;
      ctx.body = '';
      return;
    }
    await next();
  };
}
