import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { freePort } from '@bianmin/card/node/free-port';
import { openEdge } from '../../run/dev/edge.ts';
import { NGINX_FOLDER } from '../../run/dev/nginx.ts';
import { address } from '../../run/dev/parts.ts';
import { patched, type Patch } from './patch.ts';

export interface RunningProxy {
  readonly url: string;
  /** What it has written about requests. */
  accessLog(): Promise<string>;
  close(): Promise<void>;
}

export interface ProxySetup {
  readonly dir: string;
  readonly port?: number;
  readonly webs: readonly number[];
  /** Changes of its files; absent: as it is shipped. */
  readonly patches?: readonly Patch[];
}

/** The real nginx and HAProxy on the shipped files, in front of the stack's web process. */
export async function openProxy({ dir, port, webs, patches = [] }: ProxySetup): Promise<RunningProxy> {
  const own = port ?? (await freePort());
  await mkdir(dir, { recursive: true });
  const folder = patches.length === 0 ? NGINX_FOLDER : await changedFolder(dir, patches);
  const edge = await openEdge({ dir, port: own, webs, folder });
  return {
    url: address(own),
    accessLog: () => readFile(join(dir, 'nginx/access.log'), 'utf8'),
    close: () => edge.stop(),
  };
}

async function changedFolder(dir: string, patches: readonly Patch[]): Promise<string> {
  const folder = join(dir, 'changed');
  await cp(NGINX_FOLDER, folder, { recursive: true });
  for (const file of new Set(patches.map((patch) => basename(patch.file)))) {
    const path = join(folder, file);
    const own = patches.filter((patch) => basename(patch.file) === file);
    await writeFile(path, patched(await readFile(path, 'utf8'), own));
  }
  return folder;
}
