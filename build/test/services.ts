import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  process.env['BIANMIN_TEST_MONGODB_URI'] = database.uri;
  return async () => {
    await database.close();
    await rm(dir, { recursive: true, force: true });
  };
}
