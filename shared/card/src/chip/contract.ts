import type { CardSession } from '../reader/slot.ts';
import type { MemoryDialectName } from '../reader/models.ts';
import type { CpuDialect } from './cpu/dialect.ts';
import type { KeyCommand, KeyHistory, PlainCommand } from './cpu/key-guard.ts';
import type { Region, RegionData } from './region.ts';

/** The six chips of electricity cards, and the relatives of the AT88SC1602 whose zone tables are known. */
export const CHIP_NAMES = [
  'SLE4442',
  'SLE4428',
  'CPU',
  'AT88SC1608',
  'AT88SC1602',
  'AT88SC153',
  'AT88SC102',
  'AT88SC1604',
  'AT88SC1604B',
] as const;
export type ChipName = (typeof CHIP_NAMES)[number];

/**
 * What becomes of a code's last try. `kept`, when nothing is said: a code that is wrong for an unknown reason never
 * meets it. `used` is for a staffed desk with the code from the grid: a card that is turned away needs replacing just
 * as one that locks itself.
 */
export type LastTry = 'kept' | 'used';

/** Tries of the code that a write needs. Reading it burns none. */
export interface Tries {
  readonly left: number;
  readonly full: number;
}

/**
 * A chip's driver, made on an open session by `chip/identify.ts`. Errors are `ChipError`s or the
 * session's own `ReaderError`s. Every driver passes `testing/chip-contract.ts`.
 */
export interface ChipDriver {
  readonly chip: ChipName;
  /** Bytes that one EEPROM cycle changes together; 1 on chips that work byte by byte. */
  readonly pageSize: number;
  /**
   * Reads a region in the fewest commands; the data has exactly the region's length.
   * `chip.out-of-range` for a region that the chip does not have, `chip.unreadable` where access is refused.
   */
  read(region: Region): Promise<Uint8Array>;
  /**
   * Memory chips: the tries of a code, without burning one. `key` is the chip's own number of the code, 0 where it
   * has but one. CPU cards have none to present here (their keys answer challenges) and give undefined.
   */
  tries(key?: number): Promise<Tries | undefined>;
  /**
   * Memory chips: presents a code. The caller has decided that it may (see tear-safe write, step 4).
   * Fails with `chip.code-wrong` (one try lost), `chip.locked`, or `chip.too-few-tries`: the last try is kept, unless
   * a person who knows the code decides to use it.
   */
  presentCode(code: Uint8Array, key?: number, lastTry?: LastTry): Promise<void>;
  /**
   * Whether these bytes, which differ from what the card holds, can become what they are to be once the codes were
   * accepted: by protect bits, access bits and registers as far as they can be read. Presents nothing, burns no try.
   * `chip.protected` where they never can, `chip.unsupported` where it takes what no write does.
   */
  checkWritable(runs: readonly RegionData[]): Promise<void>;
  /**
   * Memory chips: writes bytes that the caller knows to differ, lowest address first, in the fewest commands.
   * `chip.protected` for bytes that can never change again, `chip.code-needed` before `presentCode`.
   */
  write(data: RegionData): Promise<void>;
  /**
   * CPU cards: one command of a plan, answered with its data and status word. `chip.unsupported` on memory chips, and for
   * a command that tries a key or a code whatever its type says.
   */
  exchange(apdu: PlainCommand): Promise<{ readonly data: Uint8Array; readonly sw: number }>;
  /**
   * CPU cards: one command of a plan by which the card tries a key, sent only where `history` and what the card has told
   * leave two tries. `chip.too-few-tries` and `chip.unsupported`: nothing was sent. `chip.code-wrong` (with `triesLeft`
   * where the card said so) and `chip.locked`: it was refused. Memory chips: `chip.unsupported`.
   */
  tryKey(apdu: KeyCommand, history: KeyHistory): Promise<void>;
  /** CPU cards: what the card's files are. */
  readonly dialect?: CpuDialect;
}

/** How a chip family takes part in identification. */
export interface ChipFamily {
  readonly chip: ChipName;
  /** True when this ATR can be this chip. Must not be true of two families: an ambiguous card is never written. */
  matches(atr: Uint8Array): boolean;
  /**
   * For chips without an answer to reset of their own: asked where no family's `matches` holds, reads a fixed pattern
   * and burns no try. True only where the pattern is there.
   */
  probe?(session: CardSession, reader: MemoryReader): Promise<boolean>;
  /** Prepares the session (card type selection on readers that need it) and gives the driver. */
  open(session: CardSession, reader: MemoryReader): Promise<ChipDriver>;
}

/** What a memory chip's driver must know of the reader: which pseudo-APDU dialect it speaks. */
export interface MemoryReader {
  readonly memoryDialect?: MemoryDialectName | undefined;
  /** Whether contacts C4 and C8 are wired: without C8 the bit-serial chips cannot be written. */
  readonly wiresC4C8?: boolean | undefined;
}
