import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { ConnectionString } from 'mongodb-connection-string-url';
import type { Connection } from 'mongoose';
import { connectDatabase } from '../adapters/mongo/connection.ts';
import { startDatabase, type RunningService } from './database.ts';
import { closeWatch } from './queries/close-watch.ts';
import { QueryWatch } from './queries/watch.ts';
import { openTestRedis } from './redis.ts';

/** Where vitest's global setup (`build/test/services.ts`) leaves the address of the one database that all test files share. */
const SHARED_DATABASE = 'BIANMIN_TEST_MONGODB_URI';

export interface TestContext {
  /** Connected, in a database of this context's own. */
  readonly db: Connection;
  /** Connected, in a database of this context's own. */
  readonly redis: Redis;
  /** With the database's name: good for `MONGODB_URI`. */
  readonly mongodbUri: string;
  readonly redisUrl: string;
  /** Takes away all that is in the database; collections and indexes stay. */
  empty(): Promise<void>;
  /** One more database, with nothing in it, over the same connection. */
  another(): Connection;
  /** Throws where the server asked the database for something that no index serves. */
  close(): Promise<void>;
}

/** One per test file: `beforeAll(async () => { t = await openTestContext(); })`, closed in `afterAll`. */
export async function openTestContext(): Promise<TestContext> {
  const shared = process.env[SHARED_DATABASE];
  const own: RunningService | undefined = shared === undefined ? await startDatabase() : undefined;
  const redisServer = await openTestRedis();
  const uri = new ConnectionString(shared ?? own?.url ?? '');
  uri.pathname = `/t_${randomBytes(6).toString('hex')}`;
  const db = await connectDatabase(uri.href, { monitorCommands: true });
  const watch = new QueryWatch(db);
  const redis = new Redis(redisServer.url, { maxRetriesPerRequest: null });
  const others: Connection[] = [];
  return {
    db,
    redis,
    mongodbUri: uri.href,
    redisUrl: redisServer.url,
    async empty() {
      await Promise.all((await db.listCollections()).map(({ name }) => db.collection(name).deleteMany({})));
    },
    another() {
      const one = db.useDb(`${db.name}_${others.length + 1}`);
      others.push(one);
      return one;
    },
    async close() {
      // Tidiness where the engine outlives the run. mongo-java-server at times trips over its own indexes here.
      await db.dropDatabase().catch(() => undefined);
      await db.close();
      await redisServer.close();
      redis.disconnect();
      await own?.close();
      await closeWatch(watch, [db, ...others]);
    },
  };
}
