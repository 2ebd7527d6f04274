import { mongo, type Connection } from 'mongoose';
import { z } from 'zod';
import type { StoreFacts } from './rules/stores.ts';

/** A Redis, by the one question that is asked of it here. */
export interface TellsItsMemory {
  info(section: string): Promise<string>;
}

/** Reads of each store what it has left. A user without the right to know, or a database of one process, says nothing of members. */
export async function readStoreFacts(of: {
  readonly db: Connection;
  readonly redis: TellsItsMemory;
  /** Where it is another. */
  readonly queueRedis?: TellsItsMemory | undefined;
}): Promise<StoreFacts> {
  const { db, redis, queueRedis } = of;
  const [disk, set, log, ...memories] = await Promise.all([
    diskOf(db),
    said(() => db.getClient().db('admin').command({ replSetGetStatus: 1 })),
    said(() => db.getClient().db('admin').command({ serverStatus: 1, oplog: 1 })),
    memoryOf('redis', redis),
    ...(queueRedis === undefined ? [] : [memoryOf('redis-queue', queueRedis)]),
  ]);
  return { full: [...disk, ...memories.flat()], members: membersIn(set), logMs: logMsIn(log) };
}

/** Unauthorized, no replica set, no such command: said for good, and no fault. */
const NEVER = new Set<unknown>([13, 76, 59, 94]);

async function said(ask: () => Promise<mongo.Document>): Promise<mongo.Document> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof mongo.MongoServerError && NEVER.has(error.code)) return {};
    throw error;
  }
}

const diskShape = z.object({ fsUsedSize: z.number(), fsTotalSize: z.number().positive() });

async function diskOf(db: Connection): Promise<StoreFacts['full']> {
  const told = diskShape.safeParse(await said(async () => (await db.db?.command({ dbStats: 1 })) ?? {}));
  if (!told.success) return [];
  return [{ what: 'disk', percent: percentOf(told.data.fsUsedSize, told.data.fsTotalSize) }];
}

/** One that evicts is full by design; one without a limit has the machine's memory, which the machine's own watch knows. */
async function memoryOf(what: 'redis' | 'redis-queue', redis: TellsItsMemory): Promise<StoreFacts['full']> {
  const told = new Map(
    (await redis.info('memory')).split('\r\n').map((line) => {
      const [name = '', value = ''] = line.split(':');
      return [name, value] as const;
    }),
  );
  const most = Number(told.get('maxmemory'));
  if (!(most > 0) || told.get('maxmemory_policy') !== 'noeviction') return [];
  return [{ what, percent: percentOf(Number(told.get('used_memory')), most) }];
}

const percentOf = (used: number, of: number): number => (used * 100) / of;

const SECONDARY = 2;
const PRIMARY = 1;
/** Has no data, and is never behind. */
const ARBITER = 7;

const setShape = z.object({
  members: z.array(
    z.object({ name: z.string(), state: z.number(), health: z.number(), optimeDate: z.date().optional() }),
  ),
});

/** https://www.mongodb.com/docs/manual/reference/command/replSetGetStatus/ */
export function membersIn(status: mongo.Document): StoreFacts['members'] {
  const told = setShape.safeParse(status);
  if (!told.success) return [];
  const primary = told.data.members.find(({ state }) => state === PRIMARY)?.optimeDate;
  return told.data.members.flatMap(({ name, state, health, optimeDate }): StoreFacts['members'] => {
    if (state === PRIMARY || state === ARBITER) return [];
    if (health !== 1 || state !== SECONDARY) return [{ name, behindMs: null }];
    if (primary === undefined || optimeDate === undefined) return [];
    return [{ name, behindMs: Math.max(0, primary.getTime() - optimeDate.getTime()) }];
  });
}

const timestamp = z.custom<mongo.Timestamp>((value) => value instanceof mongo.Timestamp);
const logShape = z.object({
  oplog: z.object({ earliestOptime: timestamp, latestOptime: timestamp }),
  uptimeMillis: z.coerce.number(),
});

/**
 * Of serverStatus, which names its log where it is asked to (`oplog: 1`). A log that is as old as its server is not full yet and says nothing of
 * how far back it will reach.
 */
export function logMsIn(status: mongo.Document): number | undefined {
  const told = logShape.safeParse(status);
  if (!told.success) return undefined;
  const { earliestOptime, latestOptime } = told.data.oplog;
  const ms = (latestOptime.getHighBits() - earliestOptime.getHighBits()) * 1_000;
  return ms >= told.data.uptimeMillis - 60_000 ? undefined : ms;
}
