import { expect, it } from 'vitest';
import { bytesOf } from './image.ts';

const image = {
  regions: [
    { zone: 'main', offset: 0x10, data: Uint8Array.of(1, 2, 3, 4) },
    { zone: 'main', offset: 0x20, data: Uint8Array.of(5, 6) },
    { zone: 'config', offset: 0x10, data: Uint8Array.of(7, 8, 9, 10) },
  ],
};

it.each([
  ['a region as it was read', { zone: 'main', offset: 0x10, length: 4 }, [1, 2, 3, 4]],
  ['its beginning', { zone: 'main', offset: 0x10, length: 1 }, [1]],
  ['its end', { zone: 'main', offset: 0x12, length: 2 }, [3, 4]],
  ['nothing of it', { zone: 'main', offset: 0x14, length: 0 }, []],
  ['another region of the zone', { zone: 'main', offset: 0x20, length: 2 }, [5, 6]],
  ['the same place of another zone', { zone: 'config', offset: 0x11, length: 2 }, [8, 9]],
])('the bytes of %s', (_, region, bytes) => {
  expect([...(bytesOf(image, region) ?? [])]).toEqual(bytes);
});

it.each([
  ['begin before what was read', { zone: 'main', offset: 0x0f, length: 2 }],
  ['end after it', { zone: 'main', offset: 0x12, length: 3 }],
  ['lie across two regions', { zone: 'main', offset: 0x13, length: 14 }],
  ['are of a zone that was not read', { zone: 'fuses', offset: 0x10, length: 1 }],
])('bytes that %s are not known', (_, region) => {
  expect(bytesOf(image, region)).toBeUndefined();
});
