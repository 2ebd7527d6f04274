import { Schema, type Connection, type Model } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LIMITS } from '../../kernel/limits.ts';
import { inTime, OutOfTimeError } from '../../kernel/time-left.ts';
import { problemOf } from '../../route/problem-of.ts';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import {
  BACK_MS,
  ended,
  endedWhileStalled,
  inRequest,
  SLACK_MS,
  untilBack,
  type Ended,
} from '../../testing/stalled.ts';
import { openWireProxy, type WireProxy } from '../../testing/wire-proxy.ts';
import { collectionOf, connectDatabase, pingDatabase } from './connection.ts';

interface Thing {
  readonly _id: string;
  readonly n: number;
}

let t: TestContext;
let line: WireProxy;
let db: Connection;
beforeAll(async () => {
  t = await openTestContext();
  line = await openWireProxy(t.mongodbUri);
  db = await connectDatabase(line.url, { monitorCommands: true });
  model = db.model<Thing>('Thing', thingSchema);
  await things().insertMany(Array.from({ length: 300 }, (_, n) => ({ _id: String(n), n })));
});
afterAll(async () => {
  await db.close();
  await line.close();
  await t.close();
});

const things = () => collectionOf<Thing>(db, 'things');
const thingSchema = new Schema<Thing>(
  { _id: String, n: Number },
  { collection: 'things', versionKey: false },
);
let model: Model<Thing>;

const CALLS: Readonly<Record<string, () => Promise<unknown>>> = {
  find: () => things().find({}).toArray(),
  'find by a cursor': async () => {
    for await (const thing of things().find({}).batchSize(100)) if (thing.n < 0) return;
  },
  findOne: () => things().findOne({ _id: '1' }),
  update: () => things().updateOne({ _id: '1' }, { $set: { n: -1 } }),
  insert: () => things().insertOne({ _id: `new-${Math.random()}`, n: 0 }),
  'insert of many': () => things().insertMany([{ _id: `new-${Math.random()}`, n: 0 }]),
  'bulk write': () =>
    things().bulkWrite([{ updateOne: { filter: { _id: '2' }, update: { $set: { n: 2 } } } }]),
  aggregate: () =>
    things()
      .aggregate([{ $match: { n: { $gt: 1 } } }])
      .toArray(),
  count: () => things().countDocuments({ n: { $gt: 1 } }),
  'a model’s find': () => model.find({}).lean().exec(),
  'a model’s findOneAndUpdate': () => model.findOneAndUpdate({ _id: '3' }, { $set: { n: 3 } }).exec(),
  'a model’s create': () => model.create({ _id: `new-${Math.random()}`, n: 0 }),
};

type Ends = Readonly<Record<string, Ended>>;

function judge(ends: Ends, mostMs: (name: string) => number): void {
  for (const [name, { error, ms }] of Object.entries(ends)) {
    expect({ name, code: problemOf(error).code, error }).toMatchObject({ name, code: 'server.unavailable' });
    expect(ms, name).toBeLessThanOrEqual(mostMs(name) + SLACK_MS);
  }
}

const told = (ends: Ends): string =>
  Object.entries(ends)
    .map(([name, { ms }]) => `${name} ${ms}`)
    .join(', ');

describe('a database that stands still', () => {
  const operationMs = LIMITS.database.request;

  it('ends every question of a request in time, as unavailable, and serves again at once afterwards', async () => {
    const ofRequests = Object.entries(CALLS).map(([name, call]) => [name, () => inRequest(call)] as const);
    const ends = await endedWhileStalled(line, {
      ping: () => pingDatabase(db),
      ...Object.fromEntries(ofRequests),
    });
    const backMs = await untilBack(() => pingDatabase(db));
    process.stderr.write(`of requests, ms: ${told(ends)}; back ${backMs}\n`);
    judge(ends, (name) => (name === 'ping' ? LIMITS.ready : operationMs));
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
  });

  it('ends what nobody waits for as soon as it is given up, once more tried', async () => {
    const ends = await endedWhileStalled(line, CALLS);
    const backMs = await untilBack(() => pingDatabase(db));
    process.stderr.write(`of the background, ms: ${told(ends)}; back ${backMs}\n`);
    const { connect, heartbeat, select } = LIMITS.line;
    judge(ends, () => connect + heartbeat + select);
    expect(backMs).toBeLessThanOrEqual(BACK_MS);
  });

  it('gets no question of a request that has no time left', async () => {
    let begun: Promise<Ended> | undefined;
    const late = inTime({ limitMs: 50, operationMs }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      begun = ended(() => things().updateOne({ _id: '5' }, { $set: { n: 5_000 } }));
    });
    await expect(late).rejects.toThrow(OutOfTimeError);
    await expect.poll(() => begun !== undefined).toBe(true);
    expect((await begun)?.error).toBeInstanceOf(OutOfTimeError);
    expect(await things().findOne({ _id: '5' })).toMatchObject({ n: 5 });
  });

  it('is asked to stop a search that nobody waits for any more', async () => {
    const commands: Record<string, unknown>[] = [];
    db.getClient().on('commandStarted', ({ command }: { command: Record<string, unknown> }) =>
      commands.push(command),
    );
    await inRequest(() => things().find({ n: 7 }).toArray());
    expect(commands.at(-1)).toMatchObject({ find: 'things', maxTimeMS: operationMs });
    await things().find({ n: 7 }).toArray();
    expect(commands.at(-1)).not.toHaveProperty('maxTimeMS');
  });
});
