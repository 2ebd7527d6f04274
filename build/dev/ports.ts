import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { freePort } from '@bianmin/shared/node/free-port';

const schema = z.object({
  web: z.int(),
  grid: z.int(),
  wallet: z.int(),
  kiosk: z.int(),
  /** The grid's string profile; absent in a folder of before it. */
  gridString: z.int().default(0),
  /** The home box's double; absent in a folder of before it. */
  tv: z.int().default(0),
  /** Behind nginx, which then has `web`: the web processes' own. */
  web1: z.int().default(0),
  web2: z.int().default(0),
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
};
export const ANY_PORTS: StackPorts = {
  ...{ web: 0, web1: 0, web2: 0, kiosk: 0, grid: 0, wallet: 0, gridString: 0, tv: 0 },
};

/** The ports of the last run where they are free still, else the wanted ones where free, else any. */
export async function choosePorts(dir: string, wanted: StackPorts): Promise<StackPorts> {
  const path = join(dir, 'ports.json');
  const last = await readFile(path, 'utf8').then(
    (text) => schema.safeParse(JSON.parse(text)).data,
    () => undefined,
  );
  const from = last ?? wanted;
  const ports: StackPorts = { ...ANY_PORTS };
  for (const name of ['web', 'grid', 'wallet', 'kiosk', 'gridString', 'tv', 'web1', 'web2'] as const) {
    ports[name] = await freePort(from[name]);
  }
  await writeFile(path, JSON.stringify(ports));
  return ports;
}
