import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../../server/src/store/connection.ts';
import { openDatabase } from '../db/open.ts';

/**
 * vitest's global setup: one database engine for the whole run. Test files find it in the environment and take
 * a database of their own name in it; each starts a Redis of its own (`server/src/testing/context.ts`).
 */
export default async function startServices(): Promise<() => Promise<void>> {
  const dir = await mkdtemp(join(tmpdir(), 'bianmin-test-'));
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const database = await openDatabase({ dir, progress });
  process.stderr.write(`Tests run on ${database.note}\n`);
  await keepWhatExpired(database.uri);
  process.env['BIANMIN_TEST_MONGODB_URI'] = database.uri;
  return async () => {
    await database.close();
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
