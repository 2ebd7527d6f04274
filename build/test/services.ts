import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../../server/src/adapters/mongo/connection.ts';
import { ONE_FOR_ALL, SHARED_REDIS, startRedis } from '../../server/src/testing/redis.ts';
import { openDatabase } from '../kit/db/open.ts';

/**
 * Global setup of the floors that need it, and so of a run that has such a file: one database engine and one Redis.
 * Test files find them in the environment and take a database of their own in each (`server/src/testing/context.ts`).
 */
export default async function startServices(): Promise<() => Promise<void>> {
  // Another floor of this run has started them, and ends them.
  if (process.env['BIANMIN_TEST_MONGODB_URI'] !== undefined) return () => Promise.resolve();
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-test-'));
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const [database, redis] = await Promise.all([openDatabase({ dir, progress }), startRedis(ONE_FOR_ALL)]);
  process.stderr.write(`Tests run on ${database.note}\n`);
  await keepWhatExpired(database.uri);
  process.env['BIANMIN_TEST_MONGODB_URI'] = database.uri;
  process.env[SHARED_REDIS] = redis.url;
  return async () => {
    await Promise.all([database.close(), redis.close()]);
    await rm(dir, { recursive: true, force: true });
  };
}

/** By a test's clock everything is of last January: once a minute the engine would take away what that clock says is good. */
async function keepWhatExpired(uri: string): Promise<void> {
  const connection = await connectDatabase(uri);
  // An engine that takes nothing away knows no such parameter.
  await connection.db
    ?.admin()
    .command({ setParameter: 1, ttlMonitorEnabled: false })
    .catch(() => undefined);
  await connection.close();
}
