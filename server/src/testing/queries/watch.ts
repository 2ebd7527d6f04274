import { mongo, type Connection, type mongo as Driver } from 'mongoose';
import { BACKUP } from '../../upkeep/backup/save.ts';
import { answerOf, type Answer, type Index } from './rule.ts';
import { shapesOf, type QueryShape } from './shape.ts';
import { textOf } from './shape-text.ts';

/** What a test itself asks of the database carries this, and is no business of the server's. */
const BY_A_TEST = 'asked by a test';
/** Methods of a collection, with the place of their options. */
const ASKING = {
  find: 1,
  findOne: 1,
  countDocuments: 1,
  deleteOne: 1,
  deleteMany: 1,
  aggregate: 1,
  findOneAndDelete: 1,
  bulkWrite: 1,
  updateOne: 2,
  updateMany: 2,
  replaceOne: 2,
  distinct: 2,
  findOneAndUpdate: 2,
  findOneAndReplace: 2,
} as const;
/** Lines of what stands between who asks and the driver. */
const BETWEEN = /\/testing\/queries\/|\/adapters\/mongo\/limited/;
const PATCHED = Symbol.for('bianmin.asking');

/** A query, with who asked it where that can be seen. */
export interface Asked {
  readonly shape: QueryShape;
  readonly from: string;
}

/** Records what the server asks of the database over a connection. */
export class QueryWatch {
  readonly #asked = new Map<string, Asked>();

  constructor(db: Connection) {
    markTests();
    db.getClient().on('commandStarted', ({ commandName, command }: Driver.CommandStartedEvent) => {
      if (command['comment'] === BY_A_TEST || command['comment'] === BACKUP) return;
      for (const shape of shapesOf(commandName, command)) {
        const text = textOf(shape);
        if (!this.#asked.has(text)) this.#asked.set(text, { shape, from: whoAsks() });
      }
    });
  }

  /** By its text. */
  get asked(): ReadonlyMap<string, Asked> {
    return this.#asked;
  }
}

/** A query, and how it is answered. */
export interface Judged extends Asked {
  readonly text: string;
  readonly answer: Answer;
}

/** Each query with how these indexes, by collection, answer it. */
export function judge(
  asked: ReadonlyMap<string, Asked>,
  indexes: ReadonlyMap<string, readonly Index[]>,
): Judged[] {
  return [...asked].map(([text, of]) => ({
    ...of,
    text,
    answer: answerOf(of.shape, indexes.get(of.shape.collection) ?? []),
  }));
}

/** The first of the server's own lines on the stack, or nothing where a promise lost it. */
function whoAsks(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  const lines = (new Error('Who asks.').stack ?? '').split('\n');
  Error.stackTraceLimit = limit;
  const own = lines.find((line) => /server\/src\//.test(line) && !BETWEEN.test(line));
  return /server\/src\/[^):]+:\d+/.exec(own ?? '')?.[0] ?? '';
}

/**
 * The driver's methods, so that those called by a test itself are told from a store's: the nearest line of the project on the stack is
 * a test's. Mongoose calls the driver later, with no line of the project on it, and only for models, which are the stores'.
 */
function markTests(): void {
  const prototype = mongo.Collection.prototype as unknown as Record<PropertyKey, unknown>;
  if (prototype[PATCHED] === true) return;
  prototype[PATCHED] = true;
  for (const [name, place] of Object.entries(ASKING)) {
    const original = prototype[name] as (...args: unknown[]) => unknown;
    prototype[name] = function marked(this: unknown, ...args: unknown[]): unknown {
      if (!isTest()) return original.apply(this, args);
      const given = [...args];
      while (given.length < place) given.push(undefined);
      given[place] = { ...(given[place] as object | undefined), comment: BY_A_TEST };
      return original.apply(this, given);
    };
  }
}

function isTest(): boolean {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 25;
  const lines = (new Error('Who asks.').stack ?? '').split('\n');
  Error.stackTraceLimit = limit;
  // What called it, and not what waits for it further down.
  const end = lines.findIndex((line) =>
    /^ {4}at (?:async |process\.processTicksAndRejections|processTicks)/.test(line),
  );
  const nearest = lines
    .slice(0, end === -1 ? lines.length : end)
    .find(
      (line) =>
        /\/(?:server|build|terminal-app|stb-app|shared)\//.test(line) &&
        !line.includes('node_modules') &&
        !BETWEEN.test(line),
    );
  return nearest !== undefined && /\.test\.ts|\/testing\/|\/e2e\//.test(nearest);
}
