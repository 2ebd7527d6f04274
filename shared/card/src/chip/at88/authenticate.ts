import { countBits } from '../../bytes/bits.ts';
import { equalBytes } from '../../bytes/compare.ts';
import { ChipError } from '../error.ts';
import { codeWrong, LEAST_TRIES, locked, tooFewTries } from '../memory-error.ts';
import { AUTH_BLOCK_SIZE, f2, type AuthFunction } from './f2.ts';

/** The card's side of an authentication, in one reader's words. */
export interface AuthenticationPort {
  /** The 8 bytes that the function takes as Ci, as the card shows them now. */
  readCryptogram(): Promise<Uint8Array>;
  /** The attempts counter; its set bits are the attempts left. */
  readAttempts(): Promise<number>;
  /** Burns an attempt and gives the card the host's random number. */
  initialize(q0: Uint8Array): Promise<void>;
  verify(q1: Uint8Array): Promise<void>;
}

export interface AuthenticateInit {
  /** 8 secret bytes of the card. */
  readonly gc: Uint8Array;
  /** 8 random bytes, other ones each time. */
  readonly q0: Uint8Array;
  readonly authFunction?: AuthFunction;
  /** What a counter value is worth, for chips that do not count single bits. */
  readonly attemptsOf?: (counter: number) => number;
  /** What the card shows as Ci after success; Q2 where absent. */
  readonly storedFrom?: (q2: Uint8Array) => Uint8Array;
}

/**
 * Both sides prove that they know Gc: the host by Q1, the card by what it stores in place of Ci, which only the right
 * Gc can have computed. That the counter reads full proves nothing, since a forged card may always show FF: one public
 * driver looks no further (R:sqf-ice/Mygit smartcard/MEMORY/at88sc1608.c).
 *
 * A pulled card has lost an attempt at most. Ci is read each time, so that a torn one does no harm.
 * `chip.code-wrong`, `chip.locked`, `chip.too-few-tries`; `chip.refused` for a card that did not prove itself.
 */
export async function authenticateCard(port: AuthenticationPort, init: AuthenticateInit): Promise<void> {
  const { gc, q0, authFunction = f2, attemptsOf = countBits, storedFrom = (q2) => q2 } = init;
  if (gc.length !== AUTH_BLOCK_SIZE || q0.length !== AUTH_BLOCK_SIZE) {
    throw new ChipError({
      code: 'chip.malformed',
      message: `An authentication takes a key and a random number of ${AUTH_BLOCK_SIZE} bytes each.`,
    });
  }
  const left = attemptsOf(await port.readAttempts());
  if (left === 0) throw locked();
  if (left < LEAST_TRIES) throw tooFewTries(left);
  const { q1, q2 } = authFunction({ ci: await port.readCryptogram(), gc, q0 });
  await port.initialize(q0);
  await port.verify(q1);
  const after = attemptsOf(await port.readAttempts());
  if (after < left) throw after === 0 ? locked() : codeWrong(after);
  if (!equalBytes(await port.readCryptogram(), storedFrom(q2))) {
    throw new ChipError({
      code: 'chip.refused',
      message: 'The card did not prove that it is genuine: keep it, and ask the staff.',
    });
  }
}
