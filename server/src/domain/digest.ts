import { createHash } from 'node:crypto';
import type { CardImage } from '@bianmin/shared/meter-card/image';
import type { CardImageMessage } from '@bianmin/shared/api/card-image';

/** An image as it came by wire. */
export function imageOf(message: CardImageMessage): CardImage {
  return {
    chip: message.chip,
    atr: Buffer.from(message.atr, 'hex'),
    serial: Buffer.from(message.serial, 'hex'),
    regions: message.regions.map((region) => ({ ...region, data: Buffer.from(region.data, 'hex') })),
  };
}

/** Hex, 16 digits: a card's identity everywhere. */
export function serialOf(image: CardImage): string {
  return Buffer.from(image.serial).toString('hex').toUpperCase();
}

/** SHA-256 (hex) of all that was read, whatever the order in which it was read. */
export function digestOf(image: CardImage): string {
  const hash = createHash('sha256').update(`${image.chip}:${serialOf(image)}`);
  const parts = image.regions.map((region) => {
    return `${region.zone}:${region.offset}:${Buffer.from(region.data).toString('hex')}`;
  });
  for (const part of parts.sort()) hash.update(`|${part}`);
  return hash.digest('hex');
}
