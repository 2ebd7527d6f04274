import type { KeyHistory } from '../chip/cpu/key-guard.ts';
import type { JournalEntry } from './journal.ts';

/** A CPU card, and what is known of the plan for it. */
export interface KeyQuestion {
  /** Hex, 16 digits. */
  readonly serial: string;
  /** `imageDigest` of the card as it is now. */
  readonly digest: string;
  /** Order of the plan; absent: none yet. */
  readonly orderNo?: string;
  /** An earlier release of the order, perhaps elsewhere, ended without a report. */
  readonly afterSilence?: boolean;
  readonly lastTry?: boolean;
}

/**
 * What a terminal's journal knows of a CPU card's keys. It counts for as long as the card holds what it held then: other
 * bytes were written by whoever has the right keys, which gave the card all its tries back.
 */
export function keyHistory(entries: readonly JournalEntry[], question: KeyQuestion): KeyHistory {
  const { orderNo, afterSilence = false, lastTry = false } = question;
  const own = entries.filter((entry) => isOf(entry, question) && entry.keys?.digest === question.digest);
  const left = own.flatMap(({ keys, triesLeft }) =>
    keys?.refused === true && triesLeft !== undefined ? [triesLeft] : [],
  );
  const elsewhere = afterSilence && !entries.some((entry) => entry.orderNo === orderNo);
  return {
    ...(left.length === 0 ? {} : { left: Math.min(...left) }),
    unanswered: own.reduce((sum, { keys }) => sum + (keys?.unanswered ?? 0), elsewhere ? 1 : 0),
    refused: own.some(({ keys }) => keys?.refused === true),
    lastTry,
  };
}

/** Entries that are kept for what they know of a card's keys alone, and that card was written since. */
export function outlived(entries: readonly JournalEntry[], question: KeyQuestion): readonly JournalEntry[] {
  return entries.filter(
    (entry) => entry.told === true && isOf(entry, question) && entry.keys?.digest !== question.digest,
  );
}

function isOf({ chip, serial }: JournalEntry, question: KeyQuestion): boolean {
  return chip === 'CPU' && serial === question.serial;
}
