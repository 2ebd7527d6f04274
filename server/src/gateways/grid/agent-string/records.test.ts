import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionData } from '@bianmin/card/chip/region';
import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import {
  chipOf,
  layoutOfCard,
  METER_CARDS,
  METER_FILES,
  type MeterCard,
} from '@bianmin/card/testing/meter-files';
import { BOTH_MAKERS, SECOND_SLE4442 } from '@bianmin/card/testing/second-maker';
import { runs } from '@bianmin/card/testing/property-runs';
import { CARD, decodeCard, encodeCard } from './card-record.ts';
import { takeFields } from './fields.ts';
import { decodeGathered, encodeGathered } from './gathered.ts';
import { decodeRegions, encodeRegions, joined } from './regions.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** What such a card looks like once it is read, with anything on it. */
const imageOf = (card: MeterCard): fc.Arbitrary<CardImage> =>
  fc
    .tuple(
      fc.uint8Array({ minLength: 1, maxLength: 33 }),
      bytes(8),
      fc.tuple(...layoutOfCard(card).regions.map(({ length }) => bytes(length))),
    )
    .map(([atr, serial, data]) => ({
      chip: chipOf(card),
      atr,
      serial,
      regions: data.map((each, i): RegionData => {
        const { zone = '', offset = 0 } = layoutOfCard(card).regions[i] ?? {};
        return { zone, offset, data: each };
      }),
    }));

const hex = (min: number, max = min): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: min, maxLength: max })
    .map((data) => Buffer.from(data).toString('hex').toUpperCase());
const zone = fc.constantFrom('main', 'user0', 'df01:02', 'az1');
const name = fc.constantFrom('challenge', 'internalAuth', 'macChallenge');

describe('the record of a card', () => {
  it.each(METER_CARDS)('of %s has its files in their fields, whoever made it', (card) => {
    const { parameters, purse, returnData } = METER_FILES[card];
    fc.assert(
      fc.property(imageOf(card), (image) => {
        const { values } = takeFields(CARD, encodeCard(image, BOTH_MAKERS));
        const hexOn = (region: typeof purse): string =>
          Buffer.from(bytesOf(image, region) ?? []).toString('hex');
        expect([values.parameters, values.purse, values.returnFile]).toEqual(
          [parameters, purse, returnData].map((file) => hexOn(file).toUpperCase()),
        );
      }),
      { numRuns: runs(20) },
    );
  });

  it.each(METER_CARDS)('of %s comes back whole', (card) => {
    fc.assert(
      fc.property(imageOf(card), fc.constantFrom(BOTH_MAKERS, BUILT_IN_LAYOUTS), (image, layouts) => {
        const back = decodeCard(encodeCard(image, layouts));
        expect(back).toEqual({ ...image, regions: joined(image.regions) });
        for (const region of image.regions) {
          const { zone: of, offset: at, data } = region;
          expect(bytesOf(back, { zone: of, offset: at, length: data.length })).toEqual(data);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('of a card that was read in part, or by no layout that is known, is all segments', () => {
    const part: CardImage = {
      chip: 'SLE4442',
      atr: Uint8Array.of(1),
      serial: new Uint8Array(8),
      regions: [{ zone: 'main', offset: 0x20, data: new Uint8Array(44).fill(7) }],
    };
    expect(decodeCard(encodeCard(part, BUILT_IN_LAYOUTS))).toEqual(part);
    const strange: CardImage = { ...part, chip: 'AT88SC102' };
    expect(decodeCard(encodeCard(strange, BUILT_IN_LAYOUTS))).toEqual(strange);
    const [second] = fc.sample(imageOf('second-SLE4442'), 1);
    if (second === undefined) throw new Error('no sample');
    const { files: _, ...unfiled } = SECOND_SLE4442;
    for (const layouts of [BUILT_IN_LAYOUTS, { version: 3, layouts: [unfiled] }]) {
      const { values } = takeFields(CARD, encodeCard(second, layouts));
      expect([values.parameters, values.purse, values.returnFile]).toEqual([null, null, null]);
    }
  });

  it('of a card whose file is longer than its field has that one in segments', () => {
    const returnData = { zone: 'main', offset: 0x34, length: 50 };
    const layout = {
      ...SECOND_SLE4442,
      regions: [{ zone: 'main', offset: 0x28, length: 0x80 }],
      files: { parameters: { zone: 'main', offset: 0x70, length: 45 }, returnData },
    };
    const image: CardImage = {
      ...{ chip: 'SLE4442', atr: Uint8Array.of(1), serial: new Uint8Array(8) },
      regions: [{ zone: 'main', offset: 0x28, data: new Uint8Array(0x80).fill(7) }],
    };
    const record = encodeCard(image, { version: 3, layouts: [layout] });
    const { values } = takeFields(CARD, record);
    expect([values.purse, values.returnFile]).toEqual(['07'.repeat(12), null]);
    expect(decodeCard(record)).toEqual(image);
  });

  it('whose files have no place, or whose places no file, is refused', () => {
    const [image] = fc.sample(imageOf('SLE4442'), 1);
    if (image === undefined) throw new Error('no sample');
    const record = encodeCard(image, BUILT_IN_LAYOUTS);
    const at = record.indexOf('parameters  main', 0, 'latin1');
    expect(at).toBeGreaterThan(0);
    for (const bent of ['purse       main', 'nothing     main']) {
      const other = Buffer.from(record);
      other.write(bent, at, 'latin1');
      expect(() => decodeCard(other)).toThrow(expect.objectContaining({ code: 'wire.malformed' }));
    }
    const blank = Buffer.from(record);
    blank.write(' '.repeat(24), 12 + 66 + 16 + 256 + 90, 'latin1');
    expect(() => decodeCard(blank)).toThrow(expect.objectContaining({ code: 'wire.malformed' }));
  });

  it('with keys derived from anything but the serial is refused', () => {
    const image: CardImage = { chip: 'CPU', atr: Uint8Array.of(1), serial: new Uint8Array(8), regions: [] };
    const record = encodeCard(image, BUILT_IN_LAYOUTS);
    record.write('FF', 12 + 66 + 16, 'latin1');
    expect(() => decodeCard(record)).toThrow();
  });
});

describe('runs of bytes and answers of a card', () => {
  it('come back as they went in', () => {
    const region = fc.record({
      zone,
      offset: fc.nat(0xffff),
      data: fc.uint8Array({ minLength: 1, maxLength: 9_000 }),
    });
    fc.assert(
      fc.property(region, (each) => {
        expect(decodeRegions(encodeRegions([each]))).toEqual([each]);
      }),
      { numRuns: runs(30) },
    );
    const answers = fc.dictionary(name, hex(1, 256), { noNullPrototype: true });
    fc.assert(
      fc.property(answers, (each) => {
        expect(decodeGathered(encodeGathered(each))).toEqual(each);
      }),
    );
  });

  it('have a field for a challenge of 8 bytes, and segments for the rest', () => {
    const made = encodeGathered({ challenge: 'A5'.repeat(8), internalAuth: '5A'.repeat(8) });
    expect(made.random).toBe('A5'.repeat(8));
    expect(made.gathered).not.toContain('A5');
    expect(encodeGathered({ challenge: 'A5'.repeat(4) }).random).toBeNull();
  });
});
