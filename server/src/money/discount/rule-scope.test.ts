import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { discountRules, REQUEST } from '../../testing/discount-rules.ts';
import { KASHGAR, NORTH, SOUTH, URUMQI } from '../../testing/memory-orgs.ts';
import { sampleRule } from '../../testing/memory-rules.ts';
import { HERE, staffMember } from '../../testing/staff-members.ts';

const of = (scope: string) => staffMember(`of ${scope}`, undefined, scopeOf(scope));
const reason = 'The list of May.';
const NOT_FOUND = { code: 'request.not-found' };

describe('a discount of an organisation', () => {
  it('is proposed by people who have it in their scope; one for every household by the province’s', async () => {
    const { rules } = discountRules();
    const propose = (community: string | null, scope: string) =>
      rules.propose({ ...REQUEST, community }, of(scope), HERE);
    for (const [community, scope, path] of [
      [NORTH, NORTH, ['province', URUMQI, NORTH]],
      [NORTH, URUMQI, ['province', URUMQI, NORTH]],
      [URUMQI, 'province', ['province', URUMQI]],
      [null, 'province', ['province']],
      ['province', 'province', ['province']],
    ] as const) {
      const { rule, approval } = await propose(community, scope);
      expect([rule.community, approval.orgPath]).toEqual([community === 'province' ? null : community, path]);
    }
    for (const [community, scope] of [
      [SOUTH, NORTH],
      [URUMQI, NORTH],
      [null, URUMQI],
      ['province', URUMQI],
      ['c00000000000000ff', 'province'],
    ] as const) {
      await expect(propose(community, scope)).rejects.toMatchObject(NOT_FOUND);
    }
  });

  it('is allowed by people who have it in their scope, and by no others', async () => {
    const { rules, office } = discountRules();
    const { approval } = await rules.propose({ ...REQUEST, community: NORTH }, of(NORTH), HERE);
    await expect(office.allow(approval, { checker: of(KASHGAR) })).rejects.toMatchObject(NOT_FOUND);
    expect(await office.allow(approval, { checker: of(URUMQI) })).toMatchObject({ status: 'done' });
  });

  it('is paused by people who have it in their scope, also where others read it', async () => {
    const { rules, store } = discountRules();
    for (const [_id, community] of [
      ['all', null],
      ['typed', 'typed-once'],
      ['above', URUMQI],
      ['own', NORTH],
    ] as const) {
      await store.insert(sampleRule({ _id, community }));
    }
    const pause = (ruleId: string, scope: string) =>
      rules.requestPause({ ruleId, paused: true, reason }, of(scope), HERE);
    for (const id of ['all', 'typed', 'above']) {
      await expect(pause(id, NORTH)).rejects.toMatchObject(NOT_FOUND);
    }
    expect((await pause('own', NORTH)).orgPath).toEqual(['province', URUMQI, NORTH]);
    expect((await pause('above', URUMQI)).orgPath).toEqual(['province', URUMQI]);
    for (const id of ['all', 'typed']) {
      expect((await pause(id, 'province')).orgPath).toEqual(['province']);
    }
  });
});

describe('a household of an organisation', () => {
  const line = (customerNo: string, community: string) => ({ customerNo, community, tags: [] });

  it('is entered by people who have that in their scope; what is wrong is named by its place in the list', async () => {
    const { rules, office, store } = discountRules();
    const enter = (scope: string, ...households: ReturnType<typeof line>[]) =>
      rules.requestHouseholds({ households, reason }, of(scope), HERE);
    await expect(enter(NORTH, line('1', NORTH), line('2', SOUTH), line('3', URUMQI))).rejects.toMatchObject({
      code: 'request.malformed',
      errors: [
        { pointer: '/body/households/1/community', detail: 'is no organisation of yours' },
        { pointer: '/body/households/2/community', detail: 'is no organisation of yours' },
      ],
    });
    await expect(enter('province', line('1', 'c00000000000000ff'))).rejects.toMatchObject({
      code: 'request.malformed',
    });
    await office.allow(await enter(NORTH, line('1', NORTH)), { checker: of(URUMQI) });
    expect(await store.household('key of g 1')).toMatchObject({ orgPath: ['province', URUMQI, NORTH] });
  });

  it('is not taken from another organisation but by people who have both in their scope', async () => {
    const { rules, office, store } = discountRules();
    const enter = (scope: string) =>
      rules.requestHouseholds({ households: [line('1', NORTH), line('2', NORTH)], reason }, of(scope), HERE);
    const early = await enter(NORTH);
    await store.setHousehold({ _id: 'key of g 2', community: SOUTH, tags: [] });
    await expect(enter(URUMQI)).rejects.toMatchObject({
      code: 'request.malformed',
      errors: [{ pointer: '/body/households/1/customerNo', detail: 'is known elsewhere' }],
    });
    // Nor by what was asked for before it was known there: none of it is done.
    expect(await office.allow(early, { checker: of(URUMQI) })).toMatchObject({
      ...{ status: 'failed', failure: 'request.malformed' },
    });
    expect(await store.household('key of g 1')).toBeNull();
    await office.allow(await enter('province'));
    expect(await store.household('key of g 2')).toMatchObject({ community: NORTH });
  });

  it('goes where its community goes in the tree', async () => {
    const { rules, store } = discountRules();
    await store.insert(sampleRule({ community: KASHGAR }));
    await store.setHousehold({ _id: 'h', community: NORTH, tags: [] });
    const reached = async () => (await rules.list(WHOLE_PROVINCE))[0]?.households;
    expect(await reached()).toBe(0);
    store.orgs.place(['province', KASHGAR, NORTH]);
    expect(await reached()).toBe(1);
  });
});
