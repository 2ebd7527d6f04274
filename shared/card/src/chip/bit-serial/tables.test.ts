import { describe, expect, it } from 'vitest';
import { AT88SC102, AT88SC102_REV_1999 } from './tables/at88sc102.ts';
import { AT88SC1602 } from './tables/at88sc1602.ts';
import { AT88SC1604 } from './tables/at88sc1604.ts';
import { AT88SC1604B } from './tables/at88sc1604b.ts';
import { ownZone } from './zone-table.ts';

describe.each([
  ['AT88SC102', AT88SC102],
  ['AT88SC102 of 1999', AT88SC102_REV_1999],
  ['AT88SC1604', AT88SC1604],
  ['AT88SC1604B', AT88SC1604B],
  ['AT88SC1602', AT88SC1602],
] as const)('the table of the %s', (_name, table) => {
  it('covers its bytes with zones that meet and never overlap', () => {
    const zones = Object.values(table.zones).sort((a, b) => a.offset - b.offset);
    const end = zones.reduce((at, { offset, length }) => {
      expect(offset).toBe(at);
      return offset + length;
    }, 0);
    expect(end).toBe(table.size);
  });

  it('names only zones and keys that it has, each key once', () => {
    const keys = table.codes.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { zone, attempts, erases, erasures } of table.codes) {
      for (const name of [zone, attempts?.zone, erases, erasures?.zone]) {
        if (name !== undefined) expect(ownZone(table, name).length).toBeGreaterThan(0);
      }
      const counter = attempts ?? erasures;
      if (counter === undefined) continue;
      const bits = 'tries' in counter ? counter.tries : counter.count;
      expect(ownZone(table, counter.zone).length * 8).toBeGreaterThanOrEqual(bits);
      // The chip is clocked from a code straight into its counter.
      const code = ownZone(table, zone);
      expect(ownZone(table, counter.zone).offset).toBe(code.offset + code.length);
    }
    for (const { zone, write, raise } of table.applicationZones) {
      ownZone(table, zone);
      for (const key of [...write, ...raise]) expect(keys).toContain(key);
    }
  });
});

it('has the bit addresses of public drivers', () => {
  const bit = (table: typeof AT88SC102, zone: string): number => ownZone(table, zone).offset * 8;
  expect(['sc', 'az1', 'ez1', 'az2', 'ez2'].map((zone) => bit(AT88SC102, zone))).toEqual([
    80, 176, 688, 736, 1248,
  ]);
  expect(
    ['sc', 'sc1', 'ez1', 'az1', 'sc2', 'az2', 'sc3', 'az3', 'sc4', 'az4', 'mtz'].map((zone) =>
      bit(AT88SC1604, zone),
    ),
  ).toEqual([80, 168, 192, 216, 9776, 9816, 11864, 11904, 13952, 13992, 16040]);
  expect(
    ['az1', 'sc2', 'az2', 'sc3', 'az3', 'sc4', 'az4'].map((zone) => ownZone(AT88SC1604B, zone).offset),
  ).toEqual([27, 539, 545, 1057, 1063, 1575, 1581]);
  // A stride of 4144 bits.
  expect(bit(AT88SC1604B, 'sc3') - bit(AT88SC1604B, 'sc2')).toBe(4144);
  expect(ownZone(AT88SC1604B, 'az4').length * 8).toBe(3656);
});

it('says of every unconfirmed layout what is not known', () => {
  expect(AT88SC102.unconfirmed).toEqual([]);
  for (const table of [AT88SC1604, AT88SC1604B, AT88SC1602])
    expect(table.unconfirmed.length).toBeGreaterThan(3);
});
