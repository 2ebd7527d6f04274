import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { WHOLE_PROVINCE } from '../kernel/scope.ts';
import { openTestContext, type TestContext } from '../testing/context.ts';
import { MemoryCaseStore } from '../testing/memory-cases.ts';
import { caseIdOf, SYSTEM } from './case.ts';
import { MongoCaseStore } from './case-store.ts';
import { Cases } from './cases.ts';

const REPORT = { kind: 'grid-disagrees', orderNo: '260301100000000001', facts: { count: 2 } } as const;
const ANNA = { id: 'u1', name: 'anna' };
const BORIS = { id: 'u2', name: 'boris' };

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

describe.each(['mongo', 'memory'] as const)('cases in %s', (where) => {
  async function rig() {
    const clock = new ManualClock();
    const store = where === 'memory' ? new MemoryCaseStore() : new MongoCaseStore(t.another());
    if (store instanceof MongoCaseStore) await store.prepare();
    return { clock, cases: new Cases({ store, clock }), id: caseIdOf(REPORT) };
  }

  it('the same difference is one case, whatever finds it and however often', async () => {
    const { cases, id } = await rig();
    await Promise.all([
      cases.open(REPORT),
      cases.open(REPORT),
      cases.open({ ...REPORT, facts: { count: 3 } }),
    ]);
    await cases.open({ ...REPORT, key: 'lease 2' });
    await cases.open({ ...REPORT, kind: 'late-sale' });
    const all = await cases.list({ limit: 10 }, WHOLE_PROVINCE);
    expect(all).toHaveLength(3);
    expect(all.map((each) => each._id)).toContain(id);
    expect(await cases.get(id)).toMatchObject({ status: 'open', owner: null, reopened: 0, key: '' });
  });

  it('has an owner, notes and an end; found again it is open again, with its history', async () => {
    const { cases, id, clock } = await rig();
    await cases.open(REPORT);
    await cases.assign(id, ANNA);
    await cases.note(id, ANNA, 'The bill of the grid lists it.');
    clock.jump(60_000);
    const resolved = await cases.resolve(id, BORIS, 'The grid sent it again.');
    expect(resolved).toMatchObject({ status: 'resolved', owner: ANNA, resolution: { by: BORIS } });
    await expect(cases.resolve(id, ANNA, 'Once more.')).rejects.toMatchObject({ code: 'case.resolved' });
    await expect(cases.assign(id, BORIS)).rejects.toMatchObject({ code: 'case.resolved' });
    await cases.note(id, ANNA, 'Learnt later.');
    await cases.open({ ...REPORT, facts: { count: 4 } });
    const again = await cases.get(id);
    expect(again).toMatchObject({
      status: 'open',
      resolution: null,
      reopened: 1,
      facts: { count: 4 },
      owner: ANNA,
    });
    expect(again.notes.map((note) => note.byName)).toEqual(['anna', 'anna', 'system']);
    expect(again.notes.at(-1)?.text).toContain('The grid sent it again.');
  });

  it('that comes and goes is open again where it ended by itself, and left as a person resolved it', async () => {
    const { cases, id } = await rig();
    await cases.openWhileItLasts(REPORT);
    await cases.end(id, SYSTEM, 'It is over.');
    await cases.openWhileItLasts({ ...REPORT, facts: { count: 5 } });
    expect(await cases.get(id)).toMatchObject({ status: 'open', reopened: 1, facts: { count: 5 } });
    await cases.resolve(id, BORIS, 'So it is.');
    await cases.openWhileItLasts(REPORT);
    expect(await cases.get(id)).toMatchObject({ status: 'resolved', reopened: 1, resolution: { by: BORIS } });
  });

  it('loses no note when several people write at once', async () => {
    const { cases, id } = await rig();
    await cases.open(REPORT);
    await Promise.all(['a', 'b', 'c', 'd'].map((words) => cases.note(id, ANNA, words)));
    expect((await cases.get(id)).notes.map((note) => note.text).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is found by status, kind, order and owner, newest first', async () => {
    const { cases, id, clock } = await rig();
    await cases.open(REPORT);
    clock.jump(1000);
    await cases.open({ ...REPORT, orderNo: '260301100000000002', kind: 'late-sale' });
    await cases.assign(id, ANNA);
    const numbers = async (query: Partial<Parameters<Cases['list']>[0]>) =>
      (await cases.list({ limit: 10, ...query }, WHOLE_PROVINCE)).map((each) => each.orderNo.slice(-1));
    expect(await numbers({})).toEqual(['2', '1']);
    expect(await numbers({ owner: 'u1' })).toEqual(['1']);
    expect(await numbers({ ids: [id] })).toEqual(['1']);
    expect(await numbers({ kind: 'late-sale', status: 'open' })).toEqual(['2']);
    expect(await numbers({ orderNo: REPORT.orderNo })).toEqual(['1']);
    expect(await numbers({ status: 'resolved' })).toEqual([]);
    await expect(cases.get('0'.repeat(32))).rejects.toMatchObject({ code: 'request.not-found' });
  });
});
