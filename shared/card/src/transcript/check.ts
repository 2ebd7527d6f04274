import { fromHex } from '../bytes/hex.ts';
import { TranscriptError } from './error.ts';
import type { Transcript } from './format.ts';
import { HIDDEN } from './hidden.ts';
import { Redactor } from './redact.ts';

/**
 * Holds a transcript against the redaction table as it is today: one that was recorded by an older table, or written
 * by hand, may show what must not be shown. `transcript.unredacted` names the exchange, never the bytes.
 */
export function assertRedacted({ exchanges }: Transcript): void {
  const redactor = new Redactor();
  exchanges.forEach(([command, answer], index) => {
    const shown = answer.startsWith('!') ? '' : answer;
    const now = redactor.exchange(bytesOf(command), bytesOf(shown));
    if (hides(now[0], command) && hides(now[1], shown)) return;
    throw new TranscriptError({
      code: 'transcript.unredacted',
      message: `Exchange ${index + 1} shows bytes that must be hidden; delete the file and record it again.`,
      context: { exchange: index + 1 },
    });
  });
}

/** Hidden bytes stand as 00 for the look at what else must be hidden. */
function bytesOf(masked: string): Uint8Array {
  return fromHex(masked.replaceAll(HIDDEN, '00'));
}

/** Whether everything that must be hidden is. */
function hides(wanted: string, is: string): boolean {
  for (let at = 0; at < wanted.length; at += 2) {
    if (wanted.slice(at, at + 2) === HIDDEN && is.slice(at, at + 2) !== HIDDEN) return false;
  }
  return true;
}
