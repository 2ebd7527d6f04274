import { createConnection, type Connection } from 'mongoose';
import { DURABLE } from './durable.ts';

/**
 * Connects, with writes that survive a power cut as the default. Collections and indexes are made by each
 * store's `prepare`, not behind our back at the first use.
 */
export async function connectDatabase(uri: string): Promise<Connection> {
  const connection = createConnection(uri, {
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: 5000,
    writeConcern: DURABLE,
    retryWrites: false,
    maxPoolSize: 32,
  });
  return connection.asPromise();
}
