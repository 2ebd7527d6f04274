import { mongo } from 'mongoose';
import { LIMITS } from '../../kernel/limits.ts';
import { OutOfTimeError, questionMs } from '../../kernel/time-left.ts';

/**
 * Methods of a collection that are one question each, with the place of their options. The driver has no limit of its own for
 * any of them: `timeoutMS` has no effect in its version 7.
 */
const ASKED = {
  ...{ insertOne: 1, insertMany: 1, bulkWrite: 1, deleteOne: 1, deleteMany: 1, findOneAndDelete: 1 },
  ...{ updateOne: 2, updateMany: 2, replaceOne: 2, findOneAndUpdate: 2, findOneAndReplace: 2 },
  ...{ findOne: 1, countDocuments: 1, distinct: 2, estimatedDocumentCount: 0 },
} as const;
/** Those that give a cursor, each batch of which is a question. */
const WALKED = { find: 1, aggregate: 1 } as const;
/** Those that change nothing: the database, too, may stop working on them. */
const READS: ReadonlySet<string> = new Set([
  ...['find', 'aggregate', 'findOne', 'countDocuments', 'distinct', 'estimatedDocumentCount'],
]);

type Method = (this: mongo.Collection, ...args: unknown[]) => unknown;
interface Batched {
  fetchBatch(): Promise<void>;
}

/** `longestMs`: of work that nobody waits for. */
export function limitDatabase(db: mongo.Db, longestMs: number): mongo.Db {
  const collection = db.collection.bind(db);
  const limited = limitedCollections(longestMs);
  db.collection = <T extends mongo.Document>(name: string, options?: mongo.CollectionOptions) =>
    Object.setPrototypeOf(collection<T>(name, options), limited) as mongo.Collection<T>;
  const command = db.command.bind(db);
  db.command = (asked: mongo.Document, options?: mongo.RunCommandOptions) =>
    question('command', { longestMs, work: (signal) => command(asked, { ...options, signal }) });
  return db;
}

/** Every question asked over it ends by the time of who asks (`kernel/time-left.ts`), whatever it waits for then. */
export function limitClient(client: mongo.MongoClient, longestMs: number): void {
  const db = client.db.bind(client);
  client.db = (name, options) => limitDatabase(db(name, options), longestMs);
}

/** What a limited collection inherits: the driver's methods, as they are at each call, with a limit. */
function limitedCollections(longestMs: number): object {
  const methods = mongo.Collection.prototype as unknown as Readonly<Record<string, Method>>;
  const limited = Object.create(mongo.Collection.prototype) as Record<string, Method>;
  for (const [name, place] of Object.entries(ASKED)) {
    limited[name] = function (...args) {
      return question(`${name} in ${this.collectionName}`, {
        longestMs,
        work: (signal, maxMs) => {
          const more = READS.has(name) && maxMs !== undefined ? { signal, maxTimeMS: maxMs } : { signal };
          return methods[name]?.apply(this, withOptions(args, place, more)) as Promise<unknown>;
        },
      });
    };
  }
  for (const [name, place] of Object.entries(WALKED)) {
    limited[name] = function (...args) {
      // Of one question above already.
      if (hasSignal(args[place])) return methods[name]?.apply(this, args);
      const { ms, awaited } = questionMs(longestMs);
      const asked = awaited ? withOptions(args, place, { maxTimeMS: ms }) : args;
      const cursor = methods[name]?.apply(this, asked) as Batched;
      const fetchBatch = cursor.fetchBatch.bind(cursor);
      cursor.fetchBatch = () =>
        question(`${name} in ${this.collectionName}`, { longestMs, work: () => fetchBatch() });
      return cursor;
    };
  }
  return limited;
}

const hasSignal = (options: unknown): boolean =>
  typeof options === 'object' && options !== null && 'signal' in options;

function withOptions(args: readonly unknown[], place: number, more: object): unknown[] {
  const given = [...args];
  while (given.length < place) given.push(undefined);
  given[place] = { ...(given[place] as object | undefined), ...more };
  return given;
}

/** `maxMs`: what it may take the database, where somebody waits. What does not hear of `signal` is left to itself. */
function question<T>(
  what: string,
  {
    longestMs,
    work,
  }: {
    readonly longestMs: number;
    readonly work: (signal: AbortSignal, maxMs: number | undefined) => Promise<T>;
  },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const { ms, awaited } = questionMs(longestMs);
    const ending = new AbortController();
    let timer = setTimeout(() => {
      const late = new OutOfTimeError(`The database's ${what}`, ms);
      reject(late);
      // A slow answer leaves its connection usable; closing it at once would add the cost of a new one to what made it slow.
      timer = setTimeout(() => {
        ending.abort(late);
      }, LIMITS.line.letGo);
    }, ms);
    work(ending.signal, awaited ? ms : undefined).then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(
          isOfNone(error) ? new mongo.MongoNetworkError(error.message, { cause: error }) : (error as Error),
        );
      },
    );
  });
}

/** The driver makes a bulk's error of a broken connection, too, which names no document: nothing is known of any. */
function isOfNone(error: unknown): error is mongo.MongoBulkWriteError {
  return (
    error instanceof mongo.MongoBulkWriteError &&
    error.code === undefined &&
    [error.writeErrors].flat().length === 0
  );
}
