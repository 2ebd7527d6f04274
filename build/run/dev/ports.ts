import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '@bianmin/card/node/free-port';
import { InUseError } from './in-use.ts';
import type { PortClaims } from './port-claims.ts';
import { portHolder } from './port-holder.ts';

const schema = z.object({
  web: z.int(),
  grid: z.int(),
  wallet: z.int(),
  kiosk: z.int(),
  /** The grid's string profile; absent in a folder of before it. */
  gridString: z.int().default(0),
  /** The home box's double; absent in a folder of before it. */
  tv: z.int().default(0),
  /** Behind nginx, which then has `web`: HAProxy's, and the web processes' own. */
  web1: z.int().default(0),
  web2: z.int().default(0),
  balancer: z.int().default(0),
});
export type StackPorts = z.output<typeof schema>;

/** What `npm start` wants where it can have it, so that addresses can be remembered. */
export const USUAL_PORTS: StackPorts = {
  web: 8080,
  kiosk: 8090,
  grid: 8092,
  wallet: 8093,
  gridString: 8094,
  tv: 8091,
  web1: 8081,
  web2: 8082,
  balancer: 8083,
};
export const ANY_PORTS: StackPorts = {
  ...{ web: 0, web1: 0, web2: 0, balancer: 0, kiosk: 0, grid: 0, wallet: 0, gridString: 0, tv: 0 },
};

/** In the order in which they follow a base. */
const NAMES = ['web', 'kiosk', 'grid', 'wallet', 'gridString', 'tv', 'web1', 'web2', 'balancer'] as const;
/** What is behind nginx, where there is one. */
const BEHIND: readonly string[] = ['web1', 'web2', 'balancer'] satisfies (typeof NAMES)[number][];
/** The highest base from which all of them are ports. */
export const LAST_BASE = 65_535 - NAMES.length + 1;

/** The ports of the last run where they are free still, else the wanted ones where free, else any. */
export async function choosePorts(dir: string, wanted: StackPorts, claims?: PortClaims): Promise<StackPorts> {
  const path = portsFile(dir);
  const last = await readFile(path, 'utf8').then(
    (text) => schema.safeParse(JSON.parse(text)).data,
    () => undefined,
  );
  const from = last ?? wanted;
  const ports: StackPorts = { ...ANY_PORTS };
  for (const name of NAMES) {
    const port = await freePort(from[name]);
    // One that was drawn is ours already.
    const ours = claims === undefined || port !== from[name] || (await claims.claim(port));
    ports[name] = ours ? port : await freePort();
  }
  await writeFile(path, JSON.stringify(ports));
  return ports;
}

/** The ports from `base` on and no others; `InUseError` with whose it is where one is not free. */
export async function takePorts(
  dir: string,
  { base, twoNodes, claims }: { base: number; twoNodes: boolean; claims: PortClaims },
): Promise<StackPorts> {
  const ports: StackPorts = { ...ANY_PORTS };
  for (const [at, name] of NAMES.entries()) {
    const port = base + at;
    ports[name] = port;
    if (BEHIND.includes(name) && !twoNodes) continue;
    const free = (await freePort(port)) === port && (await claims.claim(port));
    if (!free) throw new InUseError(await inUse(port, name));
  }
  await writeFile(portsFile(dir), JSON.stringify(ports));
  return ports;
}

async function inUse(port: number, name: string): Promise<string> {
  const holder = await portHolder(port);
  const by = holder === undefined ? '' : ` by ${holder.name} (process ${holder.pid})`;
  return `Port ${port}, which is to be that of ${name}, is in use${by}. End that, or give another --port-base.`;
}

const portsFile = (dir: string): string => join(dir, 'ports.json');
