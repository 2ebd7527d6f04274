import { z } from 'zod';
import type { Connection } from 'mongoose';
import { connectDatabase } from './adapters/mongo/connection.ts';
import { LIMITS } from './kernel/limits.ts';
import { mongoTls, requireGuarded, STORE_SETTINGS } from './config/stores.ts';

const { MONGODB_URI, STORES, STORES_CA_FILE } = STORE_SETTINGS;
const environment = z.object({ MONGODB_URI, STORES, STORES_CA_FILE });

/**
 * The database of the environment, for a command that needs nothing else of the server's. Throws `StoreError` where it is not guarded;
 * `failed` is called where the environment names none.
 */
export async function openDatabase(
  env: Readonly<Record<string, string | undefined>>,
  failed: () => never,
): Promise<Connection> {
  const read = environment.safeParse(env);
  if (!read.success) failed();
  requireGuarded(read.data);
  return connectDatabase(read.data.MONGODB_URI, {
    longestMs: LIMITS.database.command,
    ...mongoTls(read.data),
  });
}
