import { splitAtr } from '../../framing/atr-bytes.ts';
import { endsOddly } from '../../framing/atr-deviations.ts';
import { parseAtr } from '../../framing/atr.ts';
import type { Atr } from '../../framing/atr.ts';
import { FramingError } from '../../framing/error.ts';

/**
 * Whether bytes are an answer to reset (ISO/IEC 7816-3 §8.2) with all that it announces. Other deviations of a real
 * card do not matter: a wrong check byte, one too few or too many, and what comes behind.
 */
export function isIsoAtr(atr: Uint8Array): boolean {
  const read = readAtr(atr);
  return read !== undefined && !read.deviations.includes('historical bytes');
}

/** Whether the bytes up to `end` are the card's own word: within what it announces, of an answer that ends as it should. */
export function isSureUpTo(atr: Uint8Array, end: number): boolean {
  const read = readAtr(atr);
  return read !== undefined && !endsOddly(read.deviations) && end <= splitAtr(atr).end;
}

function readAtr(atr: Uint8Array): Atr | undefined {
  try {
    return parseAtr(atr);
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    return undefined;
  }
}
