import type { CardImage } from '@bianmin/card/meter-card/image';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';

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
