import { ChipError } from './error.ts';

/** The status word of a response, its last two bytes. `chip.malformed` for less than two bytes. */
export function statusOf(response: Uint8Array): number {
  const sw1 = response[response.length - 2];
  const sw2 = response[response.length - 1];
  if (sw1 === undefined || sw2 === undefined) {
    throw new ChipError({
      code: 'chip.malformed',
      message: 'The card gave an answer without a status word; put it in again.',
      context: { length: response.length },
    });
  }
  return sw1 * 0x100 + sw2;
}

/** A response without its status word. */
export function dataOf(response: Uint8Array): Uint8Array {
  return response.slice(0, Math.max(0, response.length - 2));
}

/**
 * Readers show a memory card's four bytes of answer to reset as `3B 04` and those bytes (R:LudovicRousseau/pcsc-tools
 * issue 46). True when they are exactly `expected`.
 */
export function isMemoryAtr(atr: Uint8Array, expected: readonly [number, number, number, number]): boolean {
  return isAnyMemoryAtr(atr) && expected.every((byte, i) => atr[2 + i] === byte);
}

/** True for what may be a memory card's answer, whole or not: of such a card no other kind is to be guessed. */
export function startsAsMemory(atr: Uint8Array): boolean {
  return atr[0] === 0x3b && atr[1] === 0x04;
}

/** True for the shape that readers give memory cards, whichever the chip. */
export function isAnyMemoryAtr(atr: Uint8Array): boolean {
  return atr.length === 6 && atr[0] === 0x3b && atr[1] === 0x04;
}
