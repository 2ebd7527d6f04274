import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionString } from 'mongodb-connection-string-url';
import { createConnection, type Connection } from 'mongoose';
import { afterEach, describe, expect, it } from 'vitest';
import { problemOf } from '../../route/problem-of.ts';
import { openTestContext } from '../../testing/context.ts';
import { openReplicaSet } from '../../testing/replica-set.ts';
import { BACK_MS, inRequest } from '../../testing/stalled.ts';
import { collectionOf, connectDatabase } from './connection.ts';

/** A replica set whose primary can be told to step down. */
interface StepsDown {
  readonly uri: string;
  stepDown(): Promise<void>;
  close(): Promise<void>;
}

const WRITERS = 8;
const STEP_DOWNS = 3;
const BETWEEN_MS = 2_000;
const PAUSE_MS = 5;
/** How long nobody is primary after a stand-in's has stepped down. */
const ELECTION_MS = 1_200;
/** How long a real primary that stepped down may not be elected again, s. */
const STANDS_BACK_S = 10;

async function standIn(): Promise<StepsDown> {
  const t = await openTestContext();
  const set = await openReplicaSet(t.mongodbUri);
  let primary = 0;
  return {
    uri: set.uri,
    async stepDown() {
      set.elect(null);
      await sleep(ELECTION_MS);
      primary = (primary + 1) % 3;
      set.elect(primary);
    },
    async close() {
      await set.close();
      await t.close();
    },
  };
}

/** Three members that `MONGODB_URI` names, with the right to tell their primary. */
const GIVEN = process.env['MONGODB_URI'] ?? '';
const isSet = GIVEN !== '' && new ConnectionString(GIVEN).hosts.length >= 3;

async function realSet(): Promise<StepsDown> {
  const t = await openTestContext();
  const admin = await createConnection(t.mongodbUri).asPromise();
  return {
    uri: t.mongodbUri,
    async stepDown() {
      await admin.db?.admin().command({ replSetStepDown: STANDS_BACK_S, secondaryCatchUpPeriodSecs: 5 });
    },
    async close() {
      await admin.close();
      await t.close();
    },
  };
}

interface Thing {
  readonly _id: string;
  readonly n: number;
}

describe.each([
  { of: 'a stand-in', open: standIn, there: true },
  { of: 'the set that MONGODB_URI names', open: realSet, there: isSet },
])('primaries that step down one after the other, of $of', ({ open, there }) => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  it.skipIf(!there)('are nobody’s error for longer than five seconds, and count nothing twice', async () => {
    const set = await open();
    closing.push(() => set.close());
    const db: Connection = await connectDatabase(set.uri);
    closing.push(() => db.close());
    const things = collectionOf<Thing>(db, 'things');
    await things.insertOne({ _id: '1', n: 0 });
    let [done, unknown, lastDone, longestMs] = [0, 0, performance.now(), 0];
    let over = false;
    const writer = async (): Promise<void> => {
      while (!over) {
        try {
          await inRequest(() => things.updateOne({ _id: '1' }, { $inc: { n: 1 } }));
          done += 1;
          longestMs = Math.max(longestMs, performance.now() - lastDone);
          lastDone = performance.now();
        } catch (error) {
          expect(problemOf(error).code).toBe('server.unavailable');
          unknown += 1;
        }
        await sleep(PAUSE_MS);
      }
    };
    const writers = Array.from({ length: WRITERS }, writer);
    for (let n = 0; n < STEP_DOWNS; n += 1) {
      await sleep(BETWEEN_MS);
      await set.stepDown();
    }
    await sleep(BETWEEN_MS);
    over = true;
    await Promise.all(writers);
    const n = (await things.findOne({ _id: '1' }))?.n;
    process.stderr.write(
      `${done} done, ${unknown} unknown, ${n} counted, longest ${Math.round(longestMs)} ms\n`,
    );
    expect(n).toBeGreaterThanOrEqual(done);
    expect(n).toBeLessThanOrEqual(done + unknown);
    expect(longestMs).toBeLessThanOrEqual(BACK_MS);
  });
});
