import { describe, expect, it } from 'vitest';
import { byNeed, chosenOf, countsOf, tilesOf, type ListedKiosk } from './kiosk-list.ts';

const kiosk = (name: string, over: Partial<ListedKiosk> = {}): ListedKiosk => ({
  ...{ id: `t-${name}`, name, version: '1.0.0', org: 'c1', orgPath: ['province', '650100', 'c1'] },
  ...{
    presence: 'online',
    seenAt: '2026-03-01T02:00:00.000Z',
    blocked: false,
    readerTrouble: false,
    cause: null,
    address: null,
    repair: null,
  },
  ...over,
});
const missing = (
  name: string,
  cause: ListedKiosk['cause'],
  seenAt = '2026-03-01T02:00:00.000Z',
): ListedKiosk => kiosk(name, { presence: 'missing', cause, seenAt });
const names = (all: readonly ListedKiosk[]): string[] => all.map(({ name }) => name);

const FLEET = [
  kiosk('online b'),
  kiosk('Online a'),
  kiosk('not known', { presence: 'unknown' }),
  kiosk('blocked', { blocked: true }),
  kiosk('late', { presence: 'late' }),
  kiosk('no reader', { readerTrouble: true, version: '2.0.0' }),
  kiosk('never', { presence: 'never', seenAt: null, orgPath: ['province'] }),
  missing('updating', 'updating'),
  missing('power', 'power'),
  missing('network long ago', 'network', '2026-02-01T02:00:00.000Z'),
  missing('network just now', 'network'),
  missing('reader', 'reader'),
];

describe('kiosks in a list', () => {
  it('are in the order in which they need a hand', () => {
    expect(names(FLEET.toSorted(byNeed))).toEqual([
      ...['reader', 'network just now', 'network long ago', 'power', 'updating', 'never'],
      ...['no reader', 'late', 'blocked', 'not known', 'Online a', 'online b'],
    ]);
  });

  it('are chosen by state, version, organisation, and by name, id or place', () => {
    const chosen = (query: Parameters<typeof chosenOf>[1], places: string[] = []) =>
      names(chosenOf(FLEET, query, new Set(places)));
    expect(chosen({})).toHaveLength(FLEET.length);
    expect(chosen({ show: 'offline' })).toHaveLength(6);
    expect(chosen({ show: 'online' })).toEqual(['online b', 'Online a', 'blocked', 'late', 'no reader']);
    expect(chosen({ show: 'reader' })).toEqual(['no reader']);
    expect(chosen({ show: 'blocked' })).toEqual(['blocked']);
    expect(chosen({ version: '2.0.0' })).toEqual(['no reader']);
    expect(chosen({ org: '650100' })).toHaveLength(FLEET.length - 1);
    expect(chosen({ text: 'ONLINE' })).toEqual(['online b', 'Online a']);
    expect(chosen({ text: 't-late' })).toEqual(['late']);
    expect(chosen({ text: 'elsewhere' }, ['c1'])).toHaveLength(FLEET.length - 1);
    expect(chosen({ text: 'elsewhere' })).toEqual([]);
  });

  it('are counted by what they are shown by', () => {
    expect(countsOf(FLEET)).toEqual({ all: 12, offline: 6, online: 5, reader: 1, blocked: 1, repair: 0 });
  });

  it('are those under repair', () => {
    const repair = {
      id: 't1-1',
      fault: 'reader',
      owner: null,
      openedAt: '2026-03-01T02:00:00.000Z',
    } as const;
    const fleet = [...FLEET, kiosk('in repair', { repair })];
    expect(names(chosenOf(fleet, { show: 'repair' }, new Set()))).toEqual(['in repair']);
    expect(countsOf(fleet).repair).toBe(1);
  });

  it('are in tiles by the organisations right below, those with most offline first', () => {
    const [kashi, hotan] = [
      ['province', '653100', 'c9'],
      ['province', '653200'],
    ];
    const fleet = [
      ...FLEET,
      kiosk('k', { orgPath: kashi }),
      kiosk('l', { orgPath: kashi }),
      kiosk('h', { orgPath: hotan }),
    ];
    const none = { offline: 0, reader: 0, repair: 0 };
    expect(tilesOf(fleet, 'province')).toEqual([
      { org: '650100', all: 11, offline: 5, reader: 1, repair: 0 },
      { org: '653100', all: 2, ...none },
      { org: '653200', all: 1, ...none },
    ]);
    expect(tilesOf(fleet, 'c9')).toEqual([]);
  });

  it('are in no tile that says nothing new: the only one below is looked into', () => {
    const two = ['c1', 'c2'].map((org) => kiosk(org, { org, orgPath: ['province', '650100', org] }));
    expect(tilesOf(two, 'province').map(({ org }) => org)).toEqual(['c1', 'c2']);
    expect(tilesOf(two.slice(1), 'province')).toEqual([]);
  });
});
