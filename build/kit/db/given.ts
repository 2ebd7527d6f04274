import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { ConnectionString } from 'mongodb-connection-string-url';
import { createConnection } from 'mongoose';

/**
 * What to do with a database or a Redis that the environment names (`MONGODB_URI`, `REDIS_URL`). `as-is` is for whom it was given:
 * `npm start`. Everybody else has a world of their own: in a database of their own name on that server, which goes with them, or
 * nowhere near it.
 */
export type UseOfGiven = 'as-is' | 'own-name' | 'ignored';

/** The same address, with this name where it names no database. */
export function namedUri(uri: string, name: string): string {
  const named = new ConnectionString(uri);
  if (named.pathname.length <= 1) named.pathname = `/${name}`;
  return named.href;
}

/** Of the database that an address names. */
export function nameIn(uri: string): string {
  return new ConnectionString(uri).pathname.slice(1);
}

/** A database on the same server that no other run has. */
export function ownName(uri: string): string {
  const own = new ConnectionString(uri);
  const given = own.pathname.slice(1);
  own.pathname = `/bianmin_run_${randomBytes(8).toString('hex')}`;
  // A user is one of the database that the address named, or of "admin".
  if (own.username !== '' && !own.searchParams.has('authSource')) {
    own.searchParams.set('authSource', given === '' ? 'admin' : given);
  }
  return own.href;
}

/** Drops it when it is closed, and when this process is ended by a signal that it does not hear itself. */
export function droppedAtEnd(uri: string): () => Promise<void> {
  let dropping: Promise<void> | undefined;
  const drop = (): Promise<void> => (dropping ??= dropDatabase(uri));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    drop()
      .catch((error: unknown) => {
        process.stderr.write(`${nameIn(uri)} could not be dropped: ${String(error)}\n`);
      })
      .finally(() => {
        forget();
        process.kill(process.pid, signal);
      });
  };
  const forget = (): void => {
    for (const signal of signals) process.removeListener(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return async () => {
    try {
      await drop();
    } finally {
      forget();
    }
  };
}

async function dropDatabase(uri: string): Promise<void> {
  const connection = await createConnection(uri, { autoCreate: false }).asPromise();
  try {
    await connection.dropDatabase();
  } finally {
    await connection.close();
  }
}
