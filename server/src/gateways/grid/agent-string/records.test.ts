import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionData } from '@bianmin/shared/chip/region';
import { bytesOf, type CardImage } from '@bianmin/shared/meter-card/image';
import { builtInLayout } from '@bianmin/shared/meter-card/built-in-layouts';
import { METER_CHIPS, METER_FILES, type MeterChip } from '@bianmin/shared/testing/meter-files';
import { runs } from '@bianmin/shared/testing/property-runs';
import { CARD_FILES } from './card-files.ts';
import { decodeCard, encodeCard } from './card-record.ts';
import { decodeGathered, encodeGathered } from './gathered.ts';
import { decodeRegions, encodeRegions, joined } from './regions.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** What a card of this chip looks like once it is read, with anything on it. */
const imageOf = (chip: MeterChip): fc.Arbitrary<CardImage> =>
  fc
    .tuple(
      fc.uint8Array({ minLength: 1, maxLength: 33 }),
      bytes(8),
      fc.tuple(...(builtInLayout(chip)?.regions ?? []).map(({ length }) => bytes(length))),
    )
    .map(([atr, serial, data]) => ({
      chip,
      atr,
      serial,
      regions: data.map((each, i): RegionData => {
        const { zone = '', offset = 0 } = builtInLayout(chip)?.regions[i] ?? {};
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
  it.each(METER_CHIPS)('of %s has its files where they are', (chip) => {
    const { parameters, purse, returnData } = METER_FILES[chip];
    expect(CARD_FILES[chip]).toEqual({ parameters, purse, returnFile: returnData });
  });

  it.each(METER_CHIPS)('of %s comes back whole', (chip) => {
    fc.assert(
      fc.property(imageOf(chip), (image) => {
        const back = decodeCard(encodeCard(image));
        expect(back).toEqual({ ...image, regions: joined(image.regions) });
        for (const region of image.regions) {
          const { zone: of, offset: at, data } = region;
          expect(bytesOf(back, { zone: of, offset: at, length: data.length })).toEqual(data);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('of a card that was read in part, or whose chip has no table, is all segments', () => {
    const part: CardImage = {
      chip: 'SLE4442',
      atr: Uint8Array.of(1),
      serial: new Uint8Array(8),
      regions: [{ zone: 'main', offset: 0x20, data: new Uint8Array(44).fill(7) }],
    };
    expect(decodeCard(encodeCard(part))).toEqual(part);
    const strange: CardImage = { ...part, chip: 'AT88SC102' };
    expect(decodeCard(encodeCard(strange))).toEqual(strange);
  });

  it('with keys derived from anything but the serial is refused', () => {
    const image: CardImage = { chip: 'CPU', atr: Uint8Array.of(1), serial: new Uint8Array(8), regions: [] };
    const record = encodeCard(image);
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
