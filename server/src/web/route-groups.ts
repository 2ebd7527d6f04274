import { Router } from '@koa/router';
import type { Middleware } from 'koa';
import type { AnyRoute } from '../route/route.ts';

/**
 * A router for each beginning of a path (`/v1/terminal`, `/v1/notify`): a request is tried against the patterns of its
 * neighbours instead of all there are, of which there are many more than of requests that need them.
 */
export class RouteGroups {
  readonly #routers = new Map<string, Router>();
  /** Patterns that begin with a parameter, or are too short to have a group: for every path. */
  readonly #others = strictRouter();

  /** The methods of the addresses that no parameter is part of. */
  readonly #spelt = new Map<string, Set<string>>();

  add({ method, path }: Pick<AnyRoute, 'method' | 'path'>, answer: Middleware): void {
    this.#of(path)[method](path, answer);
    if (path.includes(':')) return;
    const methods = this.#spelt.get(path) ?? new Set<string>();
    this.#spelt.set(path, methods.add(method.toUpperCase()));
    if (method === 'get') methods.add('HEAD');
  }

  /** The router that a route with this pattern goes into. */
  #of(pattern: string): Router {
    const group = groupOf(pattern);
    if (group === undefined || group.includes(':')) return this.#others;
    const router = this.#routers.get(group) ?? strictRouter();
    this.#routers.set(group, router);
    return router;
  }

  /** What answers; passes on what no pattern fits. Routes that are added later are not in it. */
  routes(): Middleware {
    const others = routesOf(this.#others);
    const groups = new Map([...this.#routers].map(([group, router]) => [group, routesOf(router)]));
    return (ctx, next) => {
      // An address that is spelt out is no parameter of another: `GET …/orders/search` is not about the order "search".
      if (this.#spelt.get(ctx.path)?.has(ctx.method) === false) return next();
      const routes = groups.get(groupOf(ctx.path) ?? '');
      const rest = (): Promise<unknown> => others(ctx, next) as Promise<unknown>;
      return routes === undefined ? rest() : (routes(ctx, rest) as Promise<unknown>);
    };
  }

  /** The methods that this path does take. */
  methodsAt(path: string): string[] {
    const spelt = this.#spelt.get(path);
    if (spelt !== undefined) return [...spelt];
    const routers = [this.#routers.get(groupOf(path) ?? ''), this.#others];
    return routers.flatMap((router) => router?.match(path, '').path.flatMap(({ methods }) => methods) ?? []);
  }
}

/** An address has one spelling: neither another case nor a slash at its end is the same one. */
function strictRouter(): Router {
  return new Router({ sensitive: true, strict: true });
}

/** A router adds what its type asks for (`params`, `router`) to the context by itself. */
function routesOf(router: Router): Middleware {
  return router.routes() as Middleware;
}

/** The first two parts of a path that has them: `/v1/terminal` of `/v1/terminal/orders`. */
function groupOf(path: string): string | undefined {
  const first = path.indexOf('/', 1);
  if (first < 0) return undefined;
  const second = path.indexOf('/', first + 1);
  return second < 0 ? path : path.slice(0, second);
}
