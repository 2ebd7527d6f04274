import { MeterCardError } from './error.ts';

/** Why a write does not begin, or does not go on, in sentences for people. */

export function otherCard(): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.other-card',
    message: 'This is not the card that was paid for. Please put in the card of this purchase.',
  });
}

export function leaseExpired(): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.lease-expired',
    message: 'The time to write this card is over. Leave the card in and start the write again.',
  });
}

export function cardChanged(): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.card-changed',
    message: 'The card was changed since it was read. Take it out and put it in again.',
  });
}

export function locked(): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.locked',
    message: 'The card has locked itself and can only be read: it needs replacing.',
  });
}

export function tooFewTries(triesLeft: number | undefined): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.code-tries',
    message: 'The card has too few tries of its code left to be written here. Please ask the staff.',
    context: { triesLeft },
  });
}

/** `ranges`: how many of them differ. */
export function readBackDiffers(ranges: number): MeterCardError {
  return new MeterCardError({
    code: 'meter-card.read-back-differs',
    message:
      'The card does not hold what was written. Put it in again; if this comes back, it needs replacing.',
    context: { ranges },
  });
}
