import type { Scheduler } from 'fast-check';
import type { Connection } from 'mongoose';
import { Killed } from './crashing-store.ts';

type Call = (...args: unknown[]) => Promise<unknown>;

/** What waits for its turn: each is one command to the database. A `find` reads at once. */
const OPERATIONS = [
  ...['findOne', 'findOneAndUpdate', 'insertOne', 'replaceOne'],
  ...['updateOne', 'updateMany', 'deleteOne', 'bulkWrite'],
] as const;

export interface RacedDatabase {
  readonly scheduler: Scheduler;
  /** The process is killed at its call of this number, from 1; null: at none. */
  readonly diesAt: number | null;
  /** Runs each call once its turn has come; absent: as it is. */
  readonly run?: (call: () => Promise<unknown>) => Promise<unknown>;
}

/** A database as one process has it, for stores that take collections by name: the scheduler says whose call goes on. */
export function racedDatabase(db: Connection, of: RacedDatabase): Connection {
  const { scheduler, diesAt, run = (call) => call() } = of;
  let calls = 0;
  const collection = (name: string): object => {
    const real = db.collection(name) as unknown as Record<string, Call>;
    const call =
      (operation: string): Call =>
      async (...args) => {
        calls += 1;
        if (calls === diesAt) throw new Killed(`killed at its call ${calls}`);
        await scheduler.schedule(Promise.resolve(), `${name}.${operation}`);
        return run(async () => real[operation]?.(...args));
      };
    return {
      ...Object.fromEntries(OPERATIONS.map((operation) => [operation, call(operation)])),
      find: (...args: unknown[]) => real['find']?.(...args),
    };
  };
  return { db: { collection } } as unknown as Connection;
}
