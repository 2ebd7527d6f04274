import { describe, expect, it } from 'vitest';
import { scopeOf, WHOLE_PROVINCE } from '../../kernel/scope.ts';
import type { CommitteeFloat } from './float.ts';
import { FloatScope } from './float-scope.ts';

const [HERE, THERE, CITY] = [scopeOf('c1'), scopeOf('c2'), scopeOf('650100')];
/** Where terminals stand. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  t1: ['province', '650100', 'c1'],
  t2: ['province', '650100', 'c1'],
  t3: ['province', '650100', 'c2'],
};
const NONE = { code: 'request.not-found' };

function floatOf(_id: string, ...terminals: readonly string[]): CommitteeFloat {
  return {
    _id,
    name: _id,
    terminals,
    balanceFen: 0,
    dayLimitFen: 0,
    day: '',
    dayFen: 0,
    recent: [],
    version: 1,
  };
}
const FLOATS = [
  floatOf('one', 't1', 't2'),
  floatOf('both', 't1', 't3'),
  floatOf('none'),
  floatOf('lost', 't1', 't9'),
];
const scopes = new FloatScope({
  store: { get: (id) => Promise.resolve(FLOATS.find(({ _id }) => _id === id) ?? null) },
  terminals: {
    amongWithin: (ids, scope) =>
      Promise.resolve(new Set(ids.filter((id) => PLACES[id]?.includes(scope) === true))),
  },
});
const idsOf = async (scope: typeof HERE) => (await scopes.own(FLOATS, scope)).map(({ _id }) => _id);
const asked = (id: string, ...terminals: string[]) => ({
  id,
  name: id,
  terminals,
  dayLimitFen: 1,
  frozen: false,
  reason: 'A test.',
});

describe('whose a float is', () => {
  it('is whose all of its terminals are', async () => {
    expect(await idsOf(HERE)).toEqual(['one']);
    expect(await idsOf(THERE)).toEqual([]);
    expect(await idsOf(CITY)).toEqual(['one', 'both']);
    expect(await idsOf(WHOLE_PROVINCE)).toEqual(['one', 'both', 'none', 'lost']);
  });

  it('is demanded, and one of others is as one that is not there', async () => {
    await scopes.demand('one', HERE);
    await scopes.demand('none', WHOLE_PROVINCE);
    for (const [id, scope] of [
      ['both', HERE],
      ['one', THERE],
      ['none', CITY],
      ['nowhere', WHOLE_PROVINCE],
    ] as const) {
      await expect(scopes.demand(id, scope)).rejects.toMatchObject(NONE);
    }
  });

  it('never comes to be of terminals, nor is taken from ones, that are not the asker’s', async () => {
    await scopes.demandSettable(asked('new', 't1'), HERE);
    await scopes.demandSettable(asked('one', 't1'), HERE);
    await scopes.demandSettable(asked('both', 't9'), WHOLE_PROVINCE);
    for (const request of [asked('new', 't1', 't3'), asked('new'), asked('new', 't9'), asked('both', 't1')]) {
      await expect(scopes.demandSettable(request, HERE)).rejects.toMatchObject(NONE);
    }
  });
});
