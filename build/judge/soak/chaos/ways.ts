import type { OrdersStack } from '../../bench/orders-stack.ts';
import type { Env } from '../../../run/dev/parts.ts';
import type { Lines } from './lines.ts';
import type { ServerPart } from '../own-clock.ts';
import { SECOND, type Line } from './troubles.ts';

/** Everybody's addresses of everything, each behind a line. */
export interface Ways {
  /** What terminals and phones are told. */
  readonly webUrl: string;
  /** What differs from a process's usual variables. */
  envOf(whom: ServerPart): Env;
}

/** Lays the lines of a stack of one node or two, whose grid is there. */
export async function layWays(on: OrdersStack, lines: Lines, gridUrl: string): Promise<Ways> {
  const { stack } = on;
  const { urls, redis, cache } = stack;
  const two = cache.url !== redis.url;
  const far: readonly (readonly [Line, string])[] = [
    ['web', urls.webUrl],
    ['database', urls.mongodbUri],
    ['redis', redis.url],
    ...(two ? ([['cache', cache.url]] as const) : []),
    ['grid', gridUrl],
    ['wallet', urls.walletUrl],
  ];
  const near = new Map<Line, { host: string; at: string }>();
  for (const [name, url] of far) {
    const { host } = new URL(url);
    near.set(name, { host, at: `127.0.0.1:${await lines.add(name, host)}` });
  }
  const first = [...near.values()];
  const second = new Map(near);
  for (const name of two ? SECOND : []) {
    const both = name.slice(0, -2) as Line;
    const way = near.get(both);
    if (way === undefined) throw new Error(`There is no line ${both}.`);
    second.set(both, { host: way.host, at: `127.0.0.1:${await lines.add(name, way.at)}` });
  }
  const given: Env = { ...stack.serverEnv, GRID_URL: gridUrl };
  return {
    webUrl: behind(first, urls.webUrl),
    envOf: (whom) => movedOf(given, whom.endsWith('-2') ? [...second.values()] : first),
  };
}

type Way = Readonly<{ host: string; at: string }>;

function behind(ways: readonly Way[], text: string): string {
  return ways.reduce((moved, { host, at }) => moved.replaceAll(host, at), text);
}

function movedOf(env: Env, ways: readonly Way[]): Env {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const moved = behind(ways, value);
      return moved === value ? [] : [[name, moved]];
    }),
  );
}
