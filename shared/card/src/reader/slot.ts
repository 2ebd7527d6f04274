import type { ReaderModel } from './models.ts';

/**
 * One slot that holds one card, whatever carries it (CCID over USB, PC/SC, the box's bridge).
 * Errors are `ReaderError`s; see `reader/error.ts`.
 */
export interface CardSlot {
  /** For people: "ACS ACR38U-CCID (slot 0)". */
  readonly name: string;
  readonly model: ReaderModel;
  /** Whether a card is in the slot now. */
  present(): Promise<boolean>;
  /** Calls back on insertion and removal; returns its own removal. */
  onChange(listener: (present: boolean) => void): () => void;
  /**
   * Powers the card (cold reset) and gives the only session on it; a session still open is ended first.
   * Fails with `reader.no-card`, or `reader.mute` where the card does not answer (upside down, not a chip).
   */
  open(): Promise<CardSession>;
  close(): Promise<void>;
}

/** A powered card. Ends by `end()`, by removal, or by the next `open()`: what waits for it then fails at once, `reader.removed`. */
export interface CardSession {
  /** Answer to reset as the reader gave it; memory cards show the reader's pseudo-ATR, `3B 04` + 4 bytes. */
  readonly atr: Uint8Array;
  /**
   * One command, one response with its two status bytes. T=0's 61xx and 6Cxx, T=1's blocks and time
   * extensions are dealt with below this line. Fails with `reader.removed`, `reader.timeout`, `reader.io`:
   * **none of them proves that the command had no effect.** A second concurrent call fails with `reader.busy`.
   */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  /** Powers the card down. Never throws. */
  end(): Promise<void>;
}
