/**
 * Clock rate conversion and baud rate adjustment of TA1 and PPS1: ISO/IEC 7816-3:2006 tables 7 and 8, as also in
 * R:OpenJavaCard/openjavacard-tools `…/iso/ATR.java`. Undefined where the standard reserves the value.
 */
const RESERVED = undefined;
const FI = [372, 372, 558, 744, 1116, 1488, 1860, RESERVED, RESERVED, 512, 768, 1024, 1536, 2048] as const;
/** Highest clock of the card for each Fi, kHz. */
const F_MAX_KHZ = [
  4000,
  5000,
  6000,
  8000,
  12000,
  16000,
  20000,
  RESERVED,
  RESERVED,
  5000,
  7500,
  10000,
  15000,
  20000,
] as const;
const DI = [RESERVED, 1, 2, 4, 8, 16, 32, 64, 12, 20] as const;

/** What a TA1 or PPS1 byte means. */
export interface FiDi {
  /** Clock cycles of `di` elementary time units. */
  readonly fi: number;
  readonly di: number;
  readonly fMaxKHz: number;
}

/** Fd 372 and Dd 1 as a TA1 byte: in force after reset, and where TA1 or PPS1 is absent (§8.1, §9.2). */
export const DEFAULT_FI_DI = 0x11;

/** The meaning of a TA1 or PPS1 byte, or undefined where either half is reserved. */
export function fiDiOf(byte: number): FiDi | undefined {
  const [fi, fMaxKHz, di] = [FI[byte >> 4], F_MAX_KHZ[byte >> 4], DI[byte & 0x0f]];
  if (fi === undefined || fMaxKHz === undefined || di === undefined) return undefined;
  return { fi, di, fMaxKHz };
}
