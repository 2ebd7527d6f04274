import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { problemOf } from '../../route/problem-of.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { openReplicaSet, type Interruption, type ReplicaSet } from '../../testing/replica-set.ts';
import { BACK_MS, ended, inRequest, SLACK_MS, untilBack } from '../../testing/stalled.ts';
import { collectionOf, connectDatabase } from './connection.ts';

interface Thing {
  readonly _id: string;
  readonly n: number;
}

let t: TestContext;
let set: ReplicaSet;
let db: Connection;
beforeEach(async () => {
  t = await openTestContext();
  set = await openReplicaSet(t.mongodbUri);
  db = await connectDatabase(set.uri);
  await things().insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: String(n), n: 0 })));
});
afterEach(async () => {
  await db.close();
  await set.close();
  await t.close();
});

const things = (): mongo.Collection<Thing> => collectionOf<Thing>(db, 'things');
/** A write that shows whether it was done once. */
const addOne = (): Promise<unknown> => inRequest(() => things().updateOne({ _id: '1' }, { $inc: { n: 1 } }));
const count = async (): Promise<number | undefined> => (await things().findOne({ _id: '1' }))?.n;

const WRITES: Readonly<Record<string, () => Promise<unknown>>> = {
  updateOne: () => things().updateOne({ _id: '1' }, { $inc: { n: 1 } }),
  findOneAndUpdate: () => things().findOneAndUpdate({ _id: '1' }, { $inc: { n: 1 } }),
  bulkWrite: () => things().bulkWrite([{ updateOne: { filter: { _id: '1' }, update: { $inc: { n: 1 } } } }]),
};

describe.each<Interruption['how']>(['refused', 'lost', 'not-majority'])(
  'an election in which a write is %s',
  (how) => {
    it.each(Object.keys(WRITES))('is not seen by who asked for it, and it is done once: %s', async (name) => {
      const write = WRITES[name] ?? addOne;
      for (let turn = 1; turn <= 3; turn += 1) {
        set.atNextWrite({ how, electsNext: turn % 3 });
        await inRequest(write);
        expect(await count()).toBe(turn);
      }
    });

    it('is not seen by who stores something new', async () => {
      set.atNextWrite({ how, electsNext: 1 });
      await inRequest(() => things().insertOne({ _id: 'new', n: 1 }));
      set.atNextWrite({ how, electsNext: 2 });
      await inRequest(() => things().insertMany([{ _id: 'new-1', n: 1 }, { _id: 'new-2', n: 1 }])); // prettier-ignore
      expect(await things().countDocuments({ _id: { $in: ['new', 'new-1', 'new-2'] } })).toBe(3);
    });
  },
);

it('reads where it decides what most members have, of the primary alone', async () => {
  await things().findOne({ _id: '1' });
  await things().find({}).batchSize(50).toArray();
  await things().aggregate([{ $match: { n: 0 } }]).toArray(); // prettier-ignore
  await things().countDocuments({ n: 0 });
  await things().distinct('n');
  const reads = set.passed.filter(({ name }) => ['find', 'aggregate', 'distinct', 'count'].includes(name));
  expect(reads).toHaveLength(5);
  for (const { document, member } of reads) {
    expect(document).toMatchObject({ readConcern: { level: 'majority' } });
    expect(member).toBe(0);
  }
});

it('says in time that it is not available while nobody is primary, and goes on soon after somebody is', async () => {
  set.elect(null);
  const ends = await Promise.all([ended(addOne), ended(() => inRequest(count))]);
  for (const { error, ms } of ends) {
    expect(problemOf(error).code).toBe('server.unavailable');
    expect(ms).toBeLessThanOrEqual(LIMITS.database.request + SLACK_MS);
  }
  set.elect(2);
  expect(await untilBack(addOne)).toBeLessThanOrEqual(BACK_MS);
});

it.each(['freeze', 'crash'] as const)('goes on with another primary after the first: %s', async (how) => {
  const asked = { done: 0, unknown: 0 };
  const add = async (): Promise<void> => {
    try {
      await addOne();
      asked.done += 1;
    } catch (error) {
      expect(problemOf(error).code).toBe('server.unavailable');
      asked.unknown += 1;
      throw error;
    }
  };
  await add();
  set[how](0);
  set.elect(null);
  const during = ended(add);
  // As long as members give a silent primary by default, they need ten seconds; three are as good here.
  await sleep(3_000);
  set.elect(1);
  expect(await untilBack(add)).toBeLessThanOrEqual(BACK_MS);
  expect((await during).ms).toBeLessThanOrEqual(LIMITS.database.request + SLACK_MS);
  const n = await count();
  expect(n).toBeGreaterThanOrEqual(asked.done);
  expect(n).toBeLessThanOrEqual(asked.done + asked.unknown);
});
