import { readFile } from 'node:fs/promises';
import type { mongo } from 'mongoose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLLECTIONS } from '../../adapters/mongo/collections.ts';
import { openTestContext, type TestContext } from '../context.ts';
import { RECORD_INTO } from './close-watch.ts';
import { readRecorded, recordedIndexes } from './recorded.ts';
import { answerOf, type Index } from './rule.ts';
import type { QueryShape } from './shape.ts';
import { shapeFrom } from './shape-text.ts';
import { isSpared, SPARED, sparedBy } from './spared.ts';
import { INDEX_LIST, indexList, keyText, servedBy } from './tables.ts';
import { indexesIn, prepareWhole } from './whole.ts';

/** What is being recorded anew is judged by what it will be. */
const records = process.env[RECORD_INTO] !== undefined;

const recorded = readRecorded();
const indexes = recordedIndexes(recorded);
let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
  await prepareWhole(t);
});
afterAll(() => t.close());

describe.skipIf(records)('every index', () => {
  it('is one that web or worker makes, and recorded', async () => {
    const made = await indexesIn(t.db);
    const named = (of: ReadonlyMap<string, readonly Index[]>): string[] =>
      [...of].flatMap(([name, list]) =>
        list.map((each) => `${name} ${keyText(each)} ${JSON.stringify({ ...each, key: 0 })}`),
      );
    expect(named(made).sort(), 'npm run data:record').toEqual(named(indexes).sort());
  });

  it('serves a query, or keeps something unique, or takes away what is old', () => {
    const idle = Object.keys(recorded.indexes).flatMap((name) =>
      [...servedBy(recorded, name)]
        .filter(([index, queries]) => queries.length === 0 && index.unique !== true)
        .filter(([{ expireAfterSeconds }]) => expireAfterSeconds === undefined)
        .map(([index]) => `${name} ${keyText(index)}`),
    );
    expect(idle).toEqual([]);
  });
});

describe.skipIf(records)('every query of the tests', () => {
  it('is served by an index, or spared for a reason', () => {
    const unserved = recorded.queries.filter(
      (text) => answerOf(shapeFrom(text), indexes.get(shapeFrom(text).collection) ?? []).by !== 'index',
    );
    expect(unserved.filter((text) => !isSpared(text))).toEqual([]);
    // A reason that nothing needs any more goes.
    const needed = new Set(unserved.map(sparedBy));
    expect(SPARED.filter((one) => !needed.has(one)).map(({ what }) => what)).toEqual([]);
  });
});

/** A query of this shape, with any values. */
function asked({ where, any, sort }: QueryShape): { filter: mongo.Filter<mongo.Document>; sort: mongo.Sort } {
  const VALUES = {
    '=': 'm',
    in: { $in: ['m', 'n'] },
    '<>': { $gt: 'm' },
    '?': { $exists: true },
    '~': { $ne: 'm' },
  };
  const filterOf = (of: QueryShape['where']): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(of).map(([field, how]) => [field === '$expr' ? 'expr' : field, VALUES[how]]),
    );
  return { filter: { ...filterOf(where), ...(any.length === 0 ? {} : { $or: any.map(filterOf) }) }, sort };
}

describe.skipIf(records)('the database', () => {
  it('says the same of each query, where it can explain', async (context) => {
    const explain = async (text: string): Promise<string> => {
      const shape = shapeFrom(text);
      const { filter, sort } = asked(shape);
      const found = t.db.collection(shape.collection).find(filter).sort(sort);
      return JSON.stringify((await found.explain('queryPlanner'))['queryPlanner']);
    };
    const said = await explain('orders where _id=').catch(() => '');
    if (!/IXSCAN|IDHACK/.test(said)) return context.skip();
    const served = recorded.queries.filter(
      (text) => answerOf(shapeFrom(text), indexes.get(shapeFrom(text).collection) ?? []).by !== 'scans',
    );
    const scanned: string[] = [];
    for (const text of served) {
      const { where, any, sort } = shapeFrom(text);
      if ([where, sort].every((part) => Object.keys(part).length === 0) && any.length === 0) continue;
      if (/COLLSCAN/.test(await explain(text))) scanned.push(text);
    }
    expect(scanned).toEqual([]);
  });
});

describe.skipIf(records)('the list of indexes', () => {
  it('has those of every collection, and what they serve', async () => {
    expect(await readFile(INDEX_LIST, 'utf8'), 'npm run data:record').toBe(indexList(recorded));
  });

  it('knows every collection', () => {
    const asked = recorded.queries.map((text) => shapeFrom(text).collection);
    const all = new Set([...asked, ...Object.keys(recorded.indexes)]);
    expect([...all].filter((name) => COLLECTIONS[name] === undefined)).toEqual([]);
    expect(Object.keys(COLLECTIONS).filter((name) => !all.has(name))).toEqual([]);
  });
});

describe.skipIf(records)('telemetry', () => {
  it('is spread by a key under which its numbers stay unique', () => {
    const sharded = Object.entries(COLLECTIONS).filter(([, { shardKey }]) => shardKey !== undefined);
    expect(sharded.length).toBeGreaterThan(0);
    for (const [name, { shardKey = {} }] of sharded) {
      const unique: Index[] = [
        { key: { _id: 1 } },
        ...(indexes.get(name) ?? []).filter((each) => each.unique === true),
      ];
      for (const { key } of unique) expect(Object.keys(key).slice(0, 1), name).toEqual(Object.keys(shardKey));
    }
  });
});
