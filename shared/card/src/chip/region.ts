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
