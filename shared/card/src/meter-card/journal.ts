import type { ChipName } from '../chip/contract.ts';
import type { Region } from '../chip/region.ts';

/**
 * An intent to write, made durable before the first byte is written. Holds no code, no key and no plan.
 */
export interface JournalEntry {
  readonly orderNo: string;
  readonly lease: number;
  readonly chip: ChipName;
  /** Hex, 16 digits. */
  readonly serial: string;
  readonly ranges: readonly Region[];
  /** SHA-256 (hex) of the image with the ranges blanked, see `outsideDigest`. */
  readonly outsideDigest: string;
  /**
   * `intent`: nothing sent yet. `presenting`: the code may have been presented and cut short.
   * `writing`: bytes may have changed. `written`: read back and equal, claim not yet acknowledged.
   * `failed`: given up with a reason, claim not yet acknowledged.
   */
  readonly phase: 'intent' | 'presenting' | 'writing' | 'written' | 'failed';
  /** Wall clock, ms. */
  readonly startedAt: number;
  /** For `written`: SHA-256 (hex) of the image as read back, for the claim. */
  readonly imageDigest?: string;
  /**
   * For `failed`: the error code that stopped it, for the claim. In any other phase but `written`: that of an earlier attempt at
   * the order, by which its card refused the code or key, and which no claim has told yet.
   */
  readonly reason?: string;
  /** Tries of the card's code or key, as the card itself said last. Absent: it was not read, and nothing may be shown. */
  readonly triesLeft?: number;
  /** CPU cards that may have lost tries of a key. */
  readonly keys?: KeyRecord;
  /** The claim was acknowledged: kept for `keys` alone. */
  readonly told?: true;
}

/** What a CPU card's keys went through since one was accepted last. */
export interface KeyRecord {
  /** `imageDigest` of the card as it was then. */
  readonly digest: string;
  /** Presentations whose answer never came. */
  readonly unanswered: number;
  /** The card refused a key. */
  readonly refused?: true;
}

/** Durable, small, keyed by order. `put` resolves only when the entry would survive a power cut. */
export interface Journal {
  put(entry: JournalEntry): Promise<void>;
  remove(orderNo: string): Promise<void>;
  /** Fails where an entry could not be made durable now: then nothing may be sold. Absent: not known before. */
  ready?(): Promise<void>;
  /** Every entry, oldest first. Fails with `journal.unreadable`: then the terminal must stop selling. */
  list(): Promise<JournalEntry[]>;
}
