import type { RegionData } from '../chip/region.ts';
import type { CardSnapshot, SimulatedCard } from './simulated-card.ts';

/** What an issuer puts on a memory card. */
export interface MemoryCardInit {
  readonly contents: readonly RegionData[];
  /** By the chip's number of each code. */
  readonly codes: readonly { readonly key: number; readonly code: Uint8Array }[];
  /** Of challenges and of the bits of torn bytes. */
  readonly seed?: number;
}

/** How simulated cards of one chip are made. */
export interface MemoryCardKind {
  /** As an issuer hands it out: contents, codes, fuses and protection as for the sandbox's meter files. */
  issue(init: MemoryCardInit): SimulatedCard;
  /** As the factory leaves it, with its transport code. */
  blank(seed?: number): SimulatedCard;
  /** The same card again, with everything it held. */
  restore(snapshot: CardSnapshot, seed?: number): SimulatedCard;
}
