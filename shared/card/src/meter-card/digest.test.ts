import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageDigest, outsideDigest } from './digest.ts';
import type { CardImage } from './image.ts';
import { fromCardImageMessage, toCardImageMessage } from './wire.ts';

const IMAGE: CardImage = {
  chip: 'SLE4442',
  atr: Uint8Array.of(0x3b, 0x04, 0xa2, 0x13, 0x10, 0x91),
  serial: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  regions: [{ zone: 'main', offset: 8, data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 0xaa, 0xbb) }],
};

describe('image digests', () => {
  it('are these, for ever: orders in flight carry them', () => {
    expect(imageDigest(IMAGE)).toBe('ac80dd0dad4147e06c8b010e447f08dac38dddf4fa990cead5e24e3d6813179c');
    expect(outsideDigest(IMAGE, [{ zone: 'main', offset: 16, length: 2 }])).toBe(
      'bcda26e3bd124872e36e6db0fec6e4eb1ae02183395e6149095bdd35f23a1f20',
    );
  });

  it('do not depend on how the bytes were read, nor on the reader', () => {
    const data = IMAGE.regions[0]?.data ?? new Uint8Array();
    const pieces = [
      { zone: 'main', offset: 12, data: data.slice(4) },
      { zone: 'main', offset: 8, data: data.slice(0, 6) },
    ];
    expect(imageDigest({ ...IMAGE, atr: Uint8Array.of(0x3b), regions: pieces })).toBe(imageDigest(IMAGE));
  });

  it('change with any byte inside; outside ranges only with those', () => {
    const ranges = [{ zone: 'main', offset: 10, length: 3 }];
    fc.assert(
      fc.property(fc.nat(9), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const data = (IMAGE.regions[0]?.data ?? new Uint8Array()).slice();
        data[at] = (data[at] ?? 0) ^ flip;
        const changed = { ...IMAGE, regions: [{ zone: 'main', offset: 8, data }] };
        expect(imageDigest(changed)).not.toBe(imageDigest(IMAGE));
        const inside = at >= 2 && at < 5;
        expect(outsideDigest(changed, ranges) === outsideDigest(IMAGE, ranges)).toBe(inside);
      }),
      { seed: 1 },
    );
    expect(imageDigest({ ...IMAGE, chip: 'SLE4428' })).not.toBe(imageDigest(IMAGE));
    expect(imageDigest({ ...IMAGE, serial: new Uint8Array(8) })).not.toBe(imageDigest(IMAGE));
  });
});

it('an image crosses the wire and comes back the same', () => {
  const sent = toCardImageMessage(IMAGE);
  expect(sent.serial).toBe('0102030405060708');
  expect(fromCardImageMessage(JSON.parse(JSON.stringify(sent)) as typeof sent)).toEqual(IMAGE);
});
