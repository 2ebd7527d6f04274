import { equalBytes } from '../../../bytes/compare.ts';
import { AUTH_BLOCK_SIZE, f2, type AuthFunction, type AuthOutput } from '../../../chip/at88/f2.ts';
import type { Eeprom } from '../../eeprom.ts';

export interface AuthEngineInit {
  readonly eeprom: Eeprom;
  /** The chip's configuration zone; live. */
  readonly config: Uint8Array;
  /** Address of the attempts counter AAC. */
  readonly counter: number;
  /** Address of the 8 bytes that are Ci; may begin with the counter, which then is not replaced. */
  readonly cryptogram: number;
  /** Address of Gc. */
  readonly secretSeed: number;
  readonly authFunction?: AuthFunction;
  /** The counter with one attempt fewer; the lowest bit falls where absent. */
  readonly burn?: (counter: number) => number;
}

/**
 * The card's side of an authentication (data sheets of AT88SC1608 and AT88SC153): the first command burns an attempt,
 * the second compares, and where it agrees replaces Ci by Q2 and fills the counter. The success lasts until power is
 * gone or an authentication is begun anew.
 */
export class AuthEngine {
  readonly #init: AuthEngineInit;
  #expected: AuthOutput | undefined;
  #authenticated = false;

  constructor(init: AuthEngineInit) {
    this.#init = init;
  }

  get authenticated(): boolean {
    return this.#authenticated;
  }

  forget(): void {
    this.#expected = undefined;
    this.#authenticated = false;
  }

  /** Takes Q0. True when a write cycle began: a locked counter takes no account of it. */
  initialize(q0: Uint8Array): boolean {
    this.forget();
    const { eeprom, config, counter, cryptogram, secretSeed, burn = clearLowest } = this.#init;
    const attempts = config[counter] ?? 0;
    if (q0.length !== AUTH_BLOCK_SIZE || attempts === 0) return false;
    this.#expected = (this.#init.authFunction ?? f2)({
      ci: config.slice(cryptogram, cryptogram + AUTH_BLOCK_SIZE),
      gc: config.slice(secretSeed, secretSeed + AUTH_BLOCK_SIZE),
      q0,
    });
    eeprom.write(config, { memory: 'config', address: counter }, burn(attempts));
    return true;
  }

  /** Takes Q1. True when a write cycle began. */
  verify(q1: Uint8Array): boolean {
    const expected = this.#expected;
    this.#expected = undefined;
    if (expected === undefined || !equalBytes(q1, expected.q1)) return false;
    const { eeprom, config, counter, cryptogram } = this.#init;
    const kept = counter === cryptogram ? 1 : 0;
    eeprom.page(config, { memory: 'config', address: cryptogram + kept }, expected.q2.slice(kept));
    const oneCycle = { sameCycle: true, samePulse: true };
    eeprom.erase(config, { memory: 'config', address: counter }, 0xff, oneCycle);
    this.#authenticated = true;
    return true;
  }
}

function clearLowest(counter: number): number {
  return counter & (counter - 1);
}
