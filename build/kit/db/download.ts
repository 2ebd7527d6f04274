import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cacheFolder } from '../process/cache.ts';
import type { Engine } from './engine.ts';
import { launchMongod } from './mongod.ts';

const VERSION = '8.2.6';
const PROBE_MS = 5000;
const REMEMBER_MS = 24 * 3600 * 1000;

/** What a download needs of the outside; tests give their own. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): number;
  fetch(url: string, init: { method: 'HEAD'; signal: AbortSignal }): Promise<{ readonly ok: boolean }>;
}

/**
 * Whether MongoDB's archive can be reached at `url`. Asked at most once a day where the answer was no, with
 * the date kept in `memory`, so that machines behind a wall do not wait at each start.
 */
export async function reachable(url: string, memory: string, outside: Outside): Promise<string | null> {
  if (outside.env['BIANMIN_NO_DOWNLOAD'] !== undefined) return 'BIANMIN_NO_DOWNLOAD forbids the download';
  const failedAt = Number(await readFile(memory, 'utf8').catch(() => '0'));
  if (outside.now() - failedAt < REMEMBER_MS) return 'the download of MongoDB failed less than a day ago';
  const ok = await outside.fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) }).then(
    (response) => response.ok,
    () => false,
  );
  if (ok) return null;
  await rememberFailure(memory, outside);
  return 'MongoDB cannot be downloaded here';
}

async function rememberFailure(memory: string, outside: Outside): Promise<void> {
  await mkdir(cacheFolder(), { recursive: true });
  await writeFile(memory, String(outside.now()));
}

/** MongoDB's own server, downloaded into the user's cache by `mongodb-memory-server-core`. */
export const mongodDownload: Engine = {
  name: 'mongod-download',
  durable: true,
  note: `MongoDB ${VERSION}, downloaded`,
  async prepare(dir, progress) {
    // A heavy module, and only wanted where nothing better is there.
    const { DryMongoBinary, MongoBinary } = await import('mongodb-memory-server-core');
    const { MongoBinaryDownloadUrl } =
      await import('mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js');
    const memory = cacheFolder('mongodb-download-failed');
    const outside: Outside = { env: process.env, now: () => Date.now(), fetch };
    try {
      const options = await DryMongoBinary.generateOptions({
        version: VERSION,
        downloadDir: cacheFolder('mongodb'),
      });
      const there = await DryMongoBinary.locateBinary(options);
      if (there !== undefined) return await launchMongod(there, dir);
      const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl();
      const no = await reachable(url, memory, outside);
      if (no !== null) return { absent: no };
      progress(`Downloading MongoDB ${VERSION}, once`);
      return await launchMongod(await MongoBinary.getPath(options), dir);
    } catch (error) {
      await rememberFailure(memory, outside);
      return { absent: `MongoDB ${VERSION} could not be downloaded (${String(error).slice(0, 120)})` };
    }
  },
};
