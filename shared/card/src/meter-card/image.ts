import type { ChipName } from '../chip/contract.ts';
import type { Region, RegionData } from '../chip/region.ts';

/** What was read of a card: held in memory while the card is in the slot, never logged, never stored. */
export interface CardImage {
  readonly chip: ChipName;
  readonly atr: Uint8Array;
  /** The issuer's card number, 8 bytes; the key to the card's identity everywhere. */
  readonly serial: Uint8Array;
  readonly regions: readonly RegionData[];
}

/** The bytes of a region within an image, or undefined where they were not read. */
export function bytesOf(image: Pick<CardImage, 'regions'>, region: Region): Uint8Array | undefined {
  for (const part of image.regions) {
    const start = region.offset - part.offset;
    if (part.zone === region.zone && start >= 0 && start + region.length <= part.data.length) {
      return part.data.subarray(start, start + region.length);
    }
  }
  return undefined;
}
