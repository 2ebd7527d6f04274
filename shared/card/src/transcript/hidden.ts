import { toHex } from '../bytes/hex.ts';

/** What stands for a byte that is not shown, in transcripts and dumps. */
export const HIDDEN = 'XX';

/** From `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Upper-case hex of bytes, those inside the spans as `XX`. */
export function maskedHex(bytes: Uint8Array, spans: readonly Span[]): string {
  let text = '';
  bytes.forEach((byte, i) => {
    const hidden = spans.some(({ start, end }) => i >= start && i < end);
    text += hidden ? HIDDEN : toHex(Uint8Array.of(byte));
  });
  return text;
}

/** The byte pairs of such text; undefined for a hidden one. */
export function unmasked(text: string): (number | undefined)[] {
  return Array.from({ length: text.length / 2 }, (_, i) => {
    const pair = text.slice(2 * i, 2 * i + 2);
    return pair === HIDDEN ? undefined : parseInt(pair, 16);
  });
}
