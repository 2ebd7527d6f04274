import { request } from 'node:http';
import type { Metrics } from '../adapters/metrics/metrics.ts';
import type { AnyRoute } from '../route/route.ts';

/** An address of a route, its parameters filled. */
function addressOf({ path }: Pick<AnyRoute, 'path'>): string {
  return path.replaceAll(/:\w+/g, 'x1');
}

/** Other spellings of an address, by what is other in them: each is another address, or none. */
function otherSpellings(address: string): readonly (readonly [kind: string, target: string])[] {
  const at = address.lastIndexOf('/') + 1;
  const [before, last] = [address.slice(0, at), address.slice(at)];
  const escaped = `%${last.charCodeAt(0).toString(16).toUpperCase()}${last.slice(1)}`;
  const other = last === last.toUpperCase() ? last.toLowerCase() : last.toUpperCase();
  return [
    // The last segment of some is a parameter, whose case is its own: then the first.
    ['case', last === 'x1' ? address.replace(/[a-z]/, (letter) => letter.toUpperCase()) : before + other],
    ['slash at the end', `${address}/`],
    ['two slashes', `/${address}`],
    ['two slashes within', `${before}/${last}`],
    ['a dot segment', `${before}./${last}`],
    ['two dots', `${before}y/../${last}`],
    ['an escape', before + escaped],
    ['an escaped slash', `${address.slice(0, at - 1)}%2F${last}`],
    ['a semicolon', `${address};a=b`],
    ['a backslash', `${address.slice(0, at - 1)}\\${last}`],
  ];
}

/** Sends a target as it is, and gives the status. */
export function askRaw(
  base: string,
  of: {
    readonly method: string;
    readonly target: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<number> {
  const { hostname, port } = new URL(base);
  const { method, target, headers = {} } = of;
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: hostname, port, method, path: target, headers, agent: false },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}

/** How often each route answered, by method and pattern; what no route answered is not in it. */
async function answered({ httpSeconds }: Metrics): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { labels, metricName, value } of (await httpSeconds.get()).values) {
    if (metricName?.endsWith('_count') !== true || labels.route === 'none') continue;
    const name = `${labels.method} ${labels.route}`;
    counts.set(name, (counts.get(name) ?? 0) + value);
  }
  return counts;
}

/** Nothing there, no address, or of another route with a parameter there, which takes other methods. */
const REFUSED: ReadonlySet<number> = new Set([400, 404, 405]);

/** Asks for every route by its own spelling once, and by each other one; gives what was wrong. */
export async function walkSpellings(
  base: string,
  init: {
    readonly routes: readonly AnyRoute[];
    readonly metrics: Metrics;
    /** Of the requests about the route that stands there in the list. */
    readonly headers?: (index: number) => Readonly<Record<string, string>>;
  },
): Promise<string[]> {
  const { routes, metrics } = init;
  metrics.httpSeconds.reset();
  const faults: string[] = [];
  for (const [index, route] of routes.entries()) {
    const address = addressOf(route);
    const ask = (target: string): Promise<number> =>
      askRaw(base, { method: route.method.toUpperCase(), target, headers: init.headers?.(index) ?? {} });
    for (const [kind, target] of otherSpellings(address)) {
      const status = await ask(target);
      if (!REFUSED.has(status)) faults.push(`${route.method} ${target} (${kind}): ${status}`);
    }
    await ask(address);
  }
  const wanted = new Set(routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`));
  const counts = await answered(metrics);
  for (const name of wanted) {
    const count = counts.get(name) ?? 0;
    if (count !== 1) faults.push(`${name} answered ${count} times`);
  }
  for (const name of counts.keys()) if (!wanted.has(name)) faults.push(`${name} answered`);
  return faults;
}
