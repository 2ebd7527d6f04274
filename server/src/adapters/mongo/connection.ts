import { createConnection, type Connection, type mongo } from 'mongoose';
import { LIMITS } from '../../kernel/limits.ts';
import { inTime } from '../../kernel/time-left.ts';
import { DURABLE } from './durable.ts';
import { limitClient, limitDatabase } from './limited.ts';

/** Of the driver's own waits: without them a server that stands still is noticed after 40 s. */
const LINE = {
  connectTimeoutMS: LIMITS.line.connect,
  heartbeatFrequencyMS: LIMITS.line.heartbeat,
  serverSelectionTimeoutMS: LIMITS.line.select,
  waitQueueTimeoutMS: LIMITS.line.queue,
  maxPoolSize: 32,
  // Mongoose would keep what is asked while there is no server, and ask it later.
  bufferCommands: false,
} as const;

/**
 * Connects, with writes that survive a power cut as the default. Collections and indexes are made by each
 * store's `prepare`, not behind our back at the first use. `longestMs`: of a question that nobody waits for.
 */
export async function connectDatabase(
  uri: string,
  {
    longestMs = LIMITS.database.background,
    ...options
  }: { monitorCommands?: boolean; tlsCAFile?: string; longestMs?: number } = {},
): Promise<Connection> {
  const connection = await createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    writeConcern: DURABLE,
    // What a new primary may not know yet is nothing to decide by.
    readConcernLevel: 'majority',
    // Sent again by the driver, once, where the server knows it again (not a single `mongod`): an election is nobody's error.
    retryWrites: true,
    ...LINE,
    ...options,
  }).asPromise();
  limitClient(connection.getClient(), longestMs);
  if (connection.db !== undefined) limitDatabase(connection.db, longestMs);
  return connection;
}

/**
 * A collection by the driver alone, for what every purchase and notification passes through: a model's casting and
 * documents cost more there than the driver itself. What goes in is typed; what is undefined is left out.
 */
export function collectionOf<T extends mongo.Document>(db: Connection, name: string): mongo.Collection<T> {
  if (db.db === undefined) throw new Error('The database is not connected yet.');
  return db.db.collection<T>(name, { writeConcern: DURABLE, ignoreUndefined: true });
}

/** Sorted; what a database keeps for itself is not ours. */
export async function collectionNames(db: Connection): Promise<string[]> {
  const listed = await db.listCollections();
  return listed
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/** Resolves once the database answers; rejects where it does not while a proxy waits. */
export async function pingDatabase({ db }: Connection): Promise<void> {
  if (db === undefined) throw new Error('Not connected.');
  const limitMs = LIMITS.ready;
  await inTime({ limitMs, operationMs: limitMs }, () => db.command({ ping: 1 }));
}
