import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestContext, type TestContext } from '../../testing/context.ts';
import { sampleRule } from '../../testing/memory-rules.ts';
import { OrgStore } from '../../access/store/orgs.ts';
import { FIRST_ORGS } from '../../access/xinjiang.ts';
import { DiscountRuleStore } from './rule-store.ts';

let t: TestContext;
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());

async function opened() {
  const db = t.another();
  const orgs = new OrgStore(db);
  await orgs.prepare(FIRST_ORGS);
  const rules = new DiscountRuleStore(db, orgs);
  await rules.prepare();
  return { db, rules, orgs };
}
const ids = (found: readonly { readonly _id: string }[]): string[] => found.map(({ _id }) => _id).toSorted();

describe('a rule', () => {
  it('is read as it was kept, and is kept once', async () => {
    const { rules, db } = await opened();
    const rule = sampleRule({ community: 'north', tag: 'elderly', off: { kind: 'fixed', fen: 700 } });
    expect(await rules.get(rule._id)).toBeNull();
    await rules.insert(rule);
    expect(await rules.get(rule._id)).toEqual(rule);
    await expect(rules.insert(rule)).rejects.toMatchObject({ code: 11_000 });
    expect(await db.collection('discountrules').countDocuments({})).toBe(1);
  });

  it('for everybody has neither community nor tag', async () => {
    const { rules } = await opened();
    const { community: _, tag: __, ...rest } = sampleRule();
    await rules.insert(rest as ReturnType<typeof sampleRule>);
    expect(await rules.get('rule-1')).toEqual(sampleRule());
  });

  it('that lacks something, or has what no rule has, is not kept', async () => {
    const { rules } = await opened();
    const { funder: _, ...rest } = sampleRule();
    await expect(rules.insert(rest as ReturnType<typeof sampleRule>)).rejects.toThrow('funder');
    const more = { ...sampleRule(), customerNo: '65' };
    await expect(rules.insert(more)).rejects.toThrow('customerNo');
    expect(await rules.list(10)).toEqual([]);
  });

  it('is among the newest, as many as are asked for', async () => {
    const { rules } = await opened();
    for (const day of [2, 3, 1]) {
      await rules.insert(sampleRule({ _id: `r${day}`, createdAt: new Date(`2026-02-0${day}T00:00:00Z`) }));
    }
    expect((await rules.list(2)).map(({ _id }) => _id)).toEqual(['r3', 'r2']);
    expect(await rules.list(10)).toHaveLength(3);
  });

  it('is of households that are known for its community and its tag', async () => {
    const { rules } = await opened();
    await rules.setHousehold({ _id: 'a', community: 'north', tags: ['elderly', 'low-income'] });
    await rules.setHousehold({ _id: 'b', community: 'south', tags: ['elderly'] });
    await rules.setHousehold({ _id: 'c', community: 'north', tags: [] });
    const of = (community: string | null, tag: string | null) =>
      rules.countHouseholds({ community, tag }, 10);
    expect([await of('north', null), await of(null, 'elderly'), await of('north', 'elderly')]).toEqual([
      2, 2, 1,
    ]);
    expect([await of('east', null), await of('south', 'low-income')]).toEqual([0, 0]);
    expect(await rules.countHouseholds({ community: 'north', tag: null }, 1)).toBe(1);
  });

  it('is among those of some organisations, where these are asked for', async () => {
    const { rules } = await opened();
    for (const community of [null, '650100', '653100', 'typed']) {
      await rules.insert(sampleRule({ _id: String(community), community }));
    }
    expect(ids(await rules.list(10, [null, '650100']))).toEqual(['650100', 'null']);
    expect(await rules.list(1, [null, '650100'])).toHaveLength(1);
  });

  it('is of households of its organisation and of those below it', async () => {
    const { rules, orgs } = await opened();
    const [_id, parent] = ['c00000000000000a1', '650100'];
    const names = { 'zh-CN': '社区', en: 'A' };
    const path = ['province', parent, _id];
    await orgs.insert({ ...{ _id, kind: 'community', names, parent, path }, version: 1 });
    await rules.setHousehold({ _id: 'a', community: _id, tags: ['elderly'] });
    await rules.setHousehold({ _id: 'b', community: parent, tags: [] });
    await rules.setHousehold({ _id: 'c', community: '653100', tags: ['elderly'] });
    const of = (community: string, tag: string | null = null) => rules.countHouseholds({ community, tag }, 9);
    expect([await of(_id), await of(parent), await of('province')]).toEqual([1, 2, 3]);
    expect([await of(parent, 'elderly'), await of('654000')]).toEqual([1, 0]);
    expect(await rules.household('a')).toMatchObject({ orgPath: path });
    const known = await rules.householdsAmong(['c', 'a', 'none']);
    expect(known.map(({ orgPath }) => orgPath.at(-1)).toSorted()).toEqual(['653100', _id]);
  });

  it('can give something while it is active and not over', async () => {
    const { rules } = await opened();
    const now = new Date('2026-03-10T04:00:00Z');
    const to = (ms: number) => ({ to: new Date(now.getTime() + ms) });
    await rules.insert(sampleRule({ _id: 'on', ...to(1) }));
    await rules.insert(sampleRule({ _id: 'over', ...to(0) }));
    await rules.insert(sampleRule({ _id: 'later', from: new Date('2026-03-20T00:00:00Z') }));
    await rules.insert(sampleRule({ _id: 'proposed', status: 'proposed' }));
    await rules.insert(sampleRule({ _id: 'paused', status: 'paused' }));
    expect(ids(await rules.active(now))).toEqual(['later', 'on']);
    await rules.setStatus('paused', 'active');
    await rules.setStatus('on', 'paused');
    await rules.setStatus('none', 'active');
    expect(ids(await rules.active(now))).toEqual(['later', 'paused']);
  });
});

describe('a household', () => {
  it('is what was last said of it', async () => {
    const { rules, db } = await opened();
    expect(await rules.household('k')).toBeNull();
    await rules.setHousehold({ _id: 'k', community: 'north', tags: ['elderly'] });
    await rules.setHousehold({ _id: 'l', community: 'south', tags: [] });
    expect(await rules.household('k')).toEqual({
      ...{ _id: 'k', community: 'north', tags: ['elderly'], orgPath: ['north'] },
    });
    await rules.setHousehold({ _id: 'k', community: 'west', tags: [] });
    expect(await rules.household('k')).toEqual({
      ...{ _id: 'k', community: 'west', tags: [] },
      orgPath: ['west'],
    });
    expect(await db.collection('households').countDocuments({})).toBe(2);
  });

  it('is what was allowed last, whoever comes first or at the same moment', async () => {
    const { rules, db } = await opened();
    const [early, late] = [new Date(1_000), new Date(2_000)];
    const all = (community: string, since: Date) =>
      Array.from({ length: 200 }, (_, n) => ({ _id: `h${n}`, community, tags: [], since }));
    await Promise.all([
      ...[rules.setHouseholds(all('early', early)), rules.setHouseholds(all('late', late))],
      ...[rules.setHouseholds(all('late', late)), rules.setHouseholds(all('early', early))],
    ]);
    expect(await db.collection('households').distinct('community')).toEqual(['late']);
    expect(await rules.setHouseholds([...all('early', early), ...all('late', late).slice(0, 1)])).toBe(200);
    await rules.setHousehold({ _id: 'h0', community: 'early', tags: [], since: early });
    await rules.dropHouseholds(['h1'], early);
    expect(await rules.newerAmong(['h0', 'h1', 'none'], early)).toHaveLength(2);
    await rules.dropHouseholds(['h1'], late);
    expect(await db.collection('households').countDocuments({})).toBe(199);
  });
});
