import { BytesError } from './error.ts';

/** Upper-case hex of bytes. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex.toUpperCase();
}

/** Bytes of hex of either case; `bytes.not-hex` for anything else. */
export function fromHex(hex: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) {
    throw new BytesError({
      code: 'bytes.not-hex',
      message: 'This is not an even number of hex digits; check where it was copied from.',
      context: { length: hex.length },
    });
  }
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
