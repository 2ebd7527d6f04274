import type { ChipName } from '../chip/contract.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { CardImage } from './image.ts';

/** A card image as the API carries it: bytes as upper-case hex. */
interface CardImageMessage {
  chip: ChipName;
  atr: string;
  serial: string;
  regions: { zone: string; offset: number; data: string }[];
}

/** A card image as the API carries it. */
export function toCardImageMessage(image: CardImage): CardImageMessage {
  return {
    chip: image.chip,
    atr: toHex(image.atr),
    serial: toHex(image.serial),
    regions: image.regions.map(({ zone, offset, data }) => ({ zone, offset, data: toHex(data) })),
  };
}

/** The image that a message carries; the message has passed its schema. */
export function fromCardImageMessage(message: CardImageMessage): CardImage {
  return {
    chip: message.chip,
    atr: fromHex(message.atr),
    serial: fromHex(message.serial),
    regions: message.regions.map(({ zone, offset, data }) => ({ zone, offset, data: fromHex(data) })),
  };
}
