import { expect, it } from 'vitest';
import { toCardImageMessage } from '@bianmin/card/meter-card/wire';
import { cardImage } from './card-image.ts';

it('an image is taken as the card layer sends it', () => {
  const message = toCardImageMessage({
    chip: 'SLE4442',
    atr: Uint8Array.of(0x3b, 0x04, 0xa2, 0x13, 0x10, 0x91),
    serial: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    regions: [{ zone: 'main', offset: 8, data: Uint8Array.of(1, 2, 0xaa, 0xbb) }],
  });
  expect(cardImage.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
});
