import { equalBytes } from '../../bytes/compare.ts';
import { f2, type AuthFunction } from '../at88/f2.ts';
import { ChipError } from '../error.ts';
import { BLOCK_SIZE, CONFIG } from './constants.ts';

export interface AuthenticationKeys {
  /** The card's seed, 8 bytes. A secret. */
  readonly gc: Uint8Array;
  /** The host's random number, 8 bytes, never used before. */
  readonly q0: Uint8Array;
  /** `f2` when absent. */
  readonly authFunction?: AuthFunction;
}

/** What the authentication asks of the card. */
export interface AuthenticationSteps {
  /** 8 bytes of the configuration. */
  read(offset: number): Promise<Uint8Array>;
  initialise(q0: Uint8Array): Promise<unknown>;
  verify(q1: Uint8Array): Promise<unknown>;
}

const COUNTER_FULL = 0xff;

/**
 * Reads the cryptogram, sends Q0 and Q1, reads the cryptogram again: that it is our own Q2 shows that the card knows
 * the seed. A full counter alone shows nothing, since any card can give FF: drivers that look at it only
 * (R:sqf-ice/Mygit smartcard/MEMORY) take a false card for a true one.
 *
 * The cryptogram is taken with the counter as its first byte, as it stands before Q0; only the other seven are
 * replaced. Unconfirmed.
 */
export async function authenticate(keys: AuthenticationKeys, card: AuthenticationSteps): Promise<void> {
  const { gc, q0, authFunction = f2 } = keys;
  if (gc.length !== BLOCK_SIZE || q0.length !== BLOCK_SIZE) {
    throw new ChipError({
      code: 'chip.malformed',
      message: `Key and random number of an AT88SC153 have ${BLOCK_SIZE} bytes each.`,
    });
  }
  const ci = await card.read(CONFIG.aac);
  if (ci[0] === 0x00) throw failed('The card has locked its authentication after too many failures.');
  const { q1, q2 } = authFunction({ ci, gc, q0 });
  await card.initialise(q0);
  await card.verify(q1);
  const [counter, ...stored] = await card.read(CONFIG.aac);
  if (counter !== COUNTER_FULL || !equalBytes(Uint8Array.from(stored), q2.subarray(1))) {
    throw failed('Card and terminal do not have the same key: the card is another issuer’s, or it is false.');
  }
}

function failed(message: string): ChipError {
  return new ChipError({ code: 'chip.refused', message });
}
