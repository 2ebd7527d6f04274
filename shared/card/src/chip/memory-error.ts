import type { Region } from './region.ts';
import { ChipError } from './error.ts';

/** Fewest tries of a code with which it is presented: a code that is wrong for an unknown reason never meets the last one. */
export const LEAST_TRIES = 2;

export function codeNeeded(): ChipError {
  return new ChipError({
    code: 'chip.code-needed',
    message: 'The card takes no bytes before its code is presented.',
  });
}

export function codeWrong(triesLeft: number): ChipError {
  return new ChipError({
    code: 'chip.code-wrong',
    message: 'The card refused the code; one try is lost. Do not try again with the same code.',
    context: { triesLeft },
  });
}

export function locked(): ChipError {
  return new ChipError({
    code: 'chip.locked',
    message:
      'The card has locked itself after too many wrong codes and can only be read: it needs replacing.',
  });
}

export function tooFewTries(triesLeft: number): ChipError {
  return new ChipError({
    code: 'chip.too-few-tries',
    message: 'Only one try of the card’s code is left, and it is kept: the card needs replacing.',
    context: { triesLeft },
  });
}

export function protectedForEver(address: number): ChipError {
  return new ChipError({
    code: 'chip.protected',
    message: 'These bytes of the card are write-protected for ever: the card needs replacing.',
    context: { address },
  });
}

/** `doing`: what the reader was asked, as in "reading". */
export function refused(
  doing: string,
  sw: number,
  code: 'chip.refused' | 'chip.unreadable' = 'chip.refused',
): ChipError {
  return new ChipError({
    code,
    message: `The reader could not carry out ${doing} on this card; clean the card and put it in again.`,
    context: { sw: sw.toString(16) },
  });
}

export function malformed(what: string): ChipError {
  return new ChipError({
    code: 'chip.malformed',
    message: `The answer to ${what} has the wrong length; put the card in again or use another reader.`,
  });
}

export function outOfRange(chip: string, region: Region): ChipError {
  return new ChipError({
    code: 'chip.out-of-range',
    message: `An ${chip} has no such bytes.`,
    context: { ...region },
  });
}
