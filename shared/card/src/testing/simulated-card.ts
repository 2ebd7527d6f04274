import type { ChipName, Tries } from '../chip/contract.ts';

/**
 * A simulated chip with its EEPROM; it survives power cycles and moves between simulated readers and meters.
 * Memory chips come with the part of the reader's firmware that turns pseudo-APDUs into the chip's commands.
 */
export interface SimulatedCard {
  readonly chip: ChipName;
  /** Applies power: the answer to reset as the reader reports it, or undefined for a card that stays mute. */
  powerOn(): Uint8Array | undefined;
  /** Takes power away: access rights and security state are gone, memory stays. */
  powerOff(): void;
  /**
   * One command, one response with its status word: the reader's pseudo-APDUs for memory chips, ISO 7816-4 for
   * CPU cards. Throws `PowerCut` where the cut hook cuts inside; the card is then without power.
   */
  transmit(apdu: Uint8Array): Uint8Array;
  /** What has passed since the card was made or `resetUsage` was called. */
  readonly usage: CardUsage;
  resetUsage(): void;
  /** Cuts power inside EEPROM operations; undefined for none. */
  cutHook: CutHook | undefined;
  /** Worn cells; see `Eeprom.weakHook`. */
  weakHook: CutHook | undefined;
  /** A zone's bytes as meters see them, which have their own contacts. Live, not a copy; undefined for no such zone. */
  zone(name: string): Uint8Array | undefined;
  /** Tries of each code or key that counts them, without a command. */
  readonly tries: readonly Tries[];
  /** Sets the first code's tries, for tests and for a card that others have spoiled. */
  setTriesLeft(left: number): void;
  /** Full state with secrets, for the sandbox's own storage and for clones. JSON-able. */
  snapshot(): CardSnapshot;
}

/** Measured by the simulator from what really passed. */
export interface CardUsage {
  readonly apdus: number;
  /** Bytes of commands and responses, status words included. */
  readonly bytes: number;
  /** Time on the chip's own bus, ms, without waiting for its EEPROM. */
  readonly busMs: number;
  readonly eepromMs: number;
  /** Bytes (or pages, where the chip has pages) erased or written. */
  readonly eepromCycles: number;
}

/** One half of changing one byte. */
export interface EepromOperation {
  /** Which memory: `main`, `security`, `protection`, or a file's zone. */
  readonly memory: string;
  readonly address: number;
  /** `erase` raises bits to 1, `write` lowers them to 0. */
  readonly half: 'erase' | 'write';
}

/** Called before each EEPROM operation; true cuts power inside it, so that the byte is left torn. */
export type CutHook = (operation: EepromOperation) => boolean;

/** Power went away inside an EEPROM operation: no answer came. */
export class PowerCut extends Error {
  readonly operation: EepromOperation;

  constructor(operation: EepromOperation) {
    super(`power was cut in the ${operation.half} of ${operation.memory} byte ${operation.address}`);
    this.name = 'PowerCut';
    this.operation = operation;
  }
}

/** A card's whole state; byte strings as upper-case hex. `restoreCard` in `restore-card.ts` makes the card again. */
export interface CardSnapshot {
  readonly chip: ChipName;
  readonly state: Readonly<Record<string, string | number | boolean>>;
}
