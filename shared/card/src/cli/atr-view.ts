import { toHex } from '../bytes/hex.ts';
import { isAnyMemoryAtr } from '../chip/response.ts';
import { parseAtr } from '../framing/atr.ts';

/** An answer to reset in words that need no translation. */
export type AtrFacts =
  | {
      readonly kind: 'memory';
      readonly bus: '2-wire' | '3-wire' | 'serial' | 'other';
      readonly units: number;
      readonly bits: number;
    }
  | {
      readonly kind: 'iso';
      readonly convention: 'direct' | 'inverse';
      readonly protocols: readonly number[];
      readonly interfaceBytes: Readonly<Record<string, number>>;
      readonly historical: string;
    }
  | { readonly kind: 'unreadable' };

/** H1's high half: the bus of a synchronous card (ISO/IEC 7816-10; SLE4442 and SLE4428 data sheets, answer to reset). */
const BUSES: Readonly<Record<number, '2-wire' | '3-wire' | 'serial'>> = {
  0x8: 'serial',
  0x9: '3-wire',
  0xa: '2-wire',
};

/**
 * What an answer to reset says. A memory card's H2 gives the number of units as a power of two from 64 on, and their
 * bits as a power of two: 13h is 256 × 8, 23h is 1024 × 8.
 */
export function atrFacts(atr: Uint8Array): AtrFacts {
  if (isAnyMemoryAtr(atr)) {
    const [h1 = 0, h2 = 0] = atr.subarray(2);
    return {
      kind: 'memory',
      bus: BUSES[h1 >> 4] ?? 'other',
      units: 64 * 2 ** ((h2 >> 3) & 0x0f),
      bits: 2 ** (h2 & 0x07),
    };
  }
  try {
    const { convention, protocols, interfaceBytes, historical } = parseAtr(atr);
    return { kind: 'iso', convention, protocols, interfaceBytes, historical: toHex(historical) };
  } catch {
    return { kind: 'unreadable' };
  }
}
