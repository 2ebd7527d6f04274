import { createConnection, type Connection, type mongo } from 'mongoose';
import { DURABLE } from './durable.ts';

/**
 * Connects, with writes that survive a power cut as the default. Collections and indexes are made by each
 * store's `prepare`, not behind our back at the first use.
 */
export async function connectDatabase(
  uri: string,
  options: { monitorCommands?: boolean; tlsCAFile?: string } = {},
): Promise<Connection> {
  const connection = createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 5000,
    writeConcern: DURABLE,
    retryWrites: false,
    maxPoolSize: 32,
    ...options,
  });
  return connection.asPromise();
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

/** Resolves once the database answers; rejects where it does not within two seconds. */
export async function pingDatabase({ db }: Connection): Promise<void> {
  if (db === undefined) throw new Error('Not connected.');
  await db.command({ ping: 1 }, { timeoutMS: 2000 });
}
