import { xorOf } from '../bytes/compare.ts';
import { fromHex } from '../bytes/hex.ts';
import { parseAtr } from '../framing/atr.ts';
import type { Atr } from '../framing/atr.ts';

export function withTck(hex: string): Atr {
  const bytes = fromHex(hex);
  return parseAtr(Uint8Array.of(...bytes, xorOf(bytes.subarray(1))));
}
