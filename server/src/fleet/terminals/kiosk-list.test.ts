import { describe, expect, it } from 'vitest';
import { byNeed, chosenOf, countsOf, type ListedKiosk } from './kiosk-list.ts';

const kiosk = (name: string, over: Partial<ListedKiosk> = {}): ListedKiosk => ({
  ...{ id: `t-${name}`, name, version: '1.0.0', org: 'c1', orgPath: ['province', '650100', 'c1'] },
  ...{
    presence: 'online',
    seenAt: '2026-03-01T02:00:00.000Z',
    blocked: false,
    readerTrouble: false,
    cause: null,
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
    expect(countsOf(FLEET)).toEqual({ all: 12, offline: 6, online: 5, reader: 1, blocked: 1 });
  });
});
