import type { ChipName } from '../chip/contract.ts';

/**
 * A run of bytes on a card. `zone` is the chip's own word for where: `main` on SLE4442,
 * `mf:19` (SFI in hex under the MF) or `df01:02` (SFI under DF01) on a CPU card.
 */
export interface Region {
  readonly zone: string;
  /** Bytes from the zone's start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

export interface RegionData {
  readonly zone: string;
  readonly offset: number;
  readonly data: Uint8Array;
}

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
