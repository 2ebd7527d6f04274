import { HIDDEN, unmasked, type Span } from '../transcript/hidden.ts';

const ROW_BYTES = 16;

/** Rows of sixteen bytes with offset and letters; hidden bytes are `••`, and rows like the one before are one `*`. */
export function hexRows(masked: string): string[] {
  const bytes = unmasked(masked);
  const rows: string[] = [];
  let last = '';
  for (let at = 0; at < bytes.length; at += ROW_BYTES) {
    const row = bytes.slice(at, at + ROW_BYTES);
    const hex = row.map(shownByte).join(' ');
    const isLast = at + ROW_BYTES >= bytes.length;
    if (hex === last && !isLast) {
      if (rows.at(-1) !== '*') rows.push('*');
      continue;
    }
    last = hex;
    const letters = row.map((byte) => (byte === undefined ? '•' : letterOf(byte))).join('');
    rows.push(`${offsetOf(at)}  ${hex.padEnd(ROW_BYTES * 3 - 1)}  ${letters}`);
  }
  return rows;
}

/** `0008`, as in every view. */
export function offsetOf(address: number): string {
  return address.toString(16).toUpperCase().padStart(4, '0');
}

/** `0000–001F, 0050` for runs of addresses. */
export function spansText(spans: readonly Span[]): string {
  return spans
    .map(({ start, end }) =>
      end - start === 1 ? offsetOf(start) : `${offsetOf(start)}–${offsetOf(end - 1)}`,
    )
    .join(', ');
}

/** Masked hex with `••` for hidden bytes, spaced. */
export function spaced(masked: string): string {
  return (masked.match(/../g) ?? []).map((pair) => (pair === HIDDEN ? '••' : pair)).join(' ');
}

function shownByte(byte: number | undefined): string {
  return byte === undefined ? '••' : byte.toString(16).toUpperCase().padStart(2, '0');
}

function letterOf(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
