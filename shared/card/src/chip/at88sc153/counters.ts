/**
 * Codes that an attempts counter passes through, full first, locked last. Each costs one try; a right password or
 * authentication brings the first back.
 */
export type CounterCoding = readonly number[];

/**
 * As chips are delivered: four tries, both nibbles alike (comment in AT1608.c; the same for the later family:
 * CryptoRF specification, table of attempts counters). A driver that counts zero bits finds twice as many tries.
 */
export const FOUR_TRIES: CounterCoding = [0xff, 0xee, 0xcc, 0x88, 0x00];

/** With extended trials allowed (ETA = 0): eight tries; by analogy with the later family. */
export const EIGHT_TRIES: CounterCoding = [0xff, 0xfe, 0xfc, 0xf8, 0xf0, 0xe0, 0xc0, 0x80, 0x00];

/** Tries of a full counter. */
export function fullTries(coding: CounterCoding): number {
  return coding.length - 1;
}

/** Tries that a counter's code stands for. */
export function triesOf(code: number, coding: CounterCoding = FOUR_TRIES): number {
  return fullTries(coding) - indexOf(code, coding);
}

/** The code with so many tries left. */
export function codeOfTries(left: number, coding: CounterCoding = FOUR_TRIES): number {
  return coding[fullTries(coding) - left] ?? 0x00;
}

/** The code after one more try: bits only fall. */
export function burnt(code: number, coding: CounterCoding = FOUR_TRIES): number {
  return code & (coding[indexOf(code, coding) + 1] ?? 0x00);
}

/**
 * A power cut inside a change leaves codes that are in no table, FE or EF between FF and EE. Such a code is taken for
 * the fullest one that has none of the bits that are gone, so that a doubt never adds a try.
 */
function indexOf(code: number, coding: CounterCoding): number {
  const index = coding.findIndex((entry) => (code & entry) === entry);
  return index < 0 ? coding.length - 1 : index;
}
