import { f2, type AuthFunction } from '../../../chip/at88/f2.ts';
import { BLOCK_SIZE, CONFIG, DEVICE } from '../../../chip/at88sc153/constants.ts';
import { burnt, type CounterCoding } from '../../../chip/at88sc153/counters.ts';
import type { Eeprom } from '../../eeprom.ts';
import { AuthEngine } from '../at88/auth-engine.ts';
import { deviceRegister, isOn } from './access.ts';

/** Checksum after an authentication: of the cryptogram, the seed, the host's number, and what was written since. */
export type ChecksumFunction = (
  seed: { readonly ci: Uint8Array; readonly gc: Uint8Array; readonly q0: Uint8Array },
  written: Uint8Array,
) => Uint8Array;

/**
 * Stands for the chip's arithmetic, which is not public: it depends on all that the data sheet (p. 8) says it does,
 * and no other chip or host computes the same.
 */
export const standInChecksum: ChecksumFunction = ({ ci, gc, q0 }, written) => {
  let value = f2({ ci, gc, q0 }).q2;
  for (let at = 0; at < written.length; at += BLOCK_SIZE) {
    const block = new Uint8Array(BLOCK_SIZE);
    block.set(written.subarray(at, at + BLOCK_SIZE));
    value = f2({ ci: value, gc, q0: block }).q2;
  }
  return value;
};

export interface AuthenticationInit {
  readonly eeprom: Eeprom;
  /** The chip's configuration, live. */
  readonly config: Uint8Array;
  readonly coding: () => CounterCoding;
  readonly authFunction?: AuthFunction;
  readonly checksum?: ChecksumFunction;
}

/** The chip's authentication in two commands, and the checksum that may be read once after it. */
export class Authentication {
  readonly #config: Uint8Array;
  readonly #engine: AuthEngine;
  readonly #checksumOf: ChecksumFunction;
  /** What the authentication under way, or the one that is in force, was begun with. */
  #seed: Parameters<ChecksumFunction>[0] | undefined;
  /** `armed` by an authentication, `open` from the first write, `spent` when it was read or anything else was. */
  #checksum: 'armed' | 'open' | 'spent' = 'spent';
  #written: number[] = [];

  constructor(init: AuthenticationInit) {
    const { config, coding } = init;
    this.#config = config;
    this.#checksumOf = init.checksum ?? standInChecksum;
    this.#engine = new AuthEngine({
      ...init,
      counter: CONFIG.aac,
      cryptogram: CONFIG.aac,
      secretSeed: CONFIG.seed,
      burn: (counter) => (this.#isOn(DEVICE.unlimitedAuthentication) ? counter : burnt(counter, coding())),
    });
  }

  get authenticated(): boolean {
    return this.#engine.authenticated;
  }

  forget(): void {
    this.#engine.forget();
    this.#checksum = 'spent';
  }

  /** Takes Q0; true when a write cycle began. A new attempt ends what was granted. */
  initialise(q0: Uint8Array): boolean {
    this.forget();
    const ci = this.#config.slice(CONFIG.aac, CONFIG.aac + BLOCK_SIZE);
    this.#seed = { ci, gc: this.#config.slice(CONFIG.seed, CONFIG.seed + BLOCK_SIZE), q0 };
    return this.#engine.initialize(q0);
  }

  /** Takes Q1: where it is right the next cryptogram is stored, and the counter is full. True when a write cycle began. */
  verify(q1: Uint8Array): boolean {
    if (!this.#engine.verify(q1)) return false;
    this.#checksum = 'armed';
    this.#written = [];
    return true;
  }

  /** Bytes of a write command, whether or not the zone took them. */
  wrote(data: Uint8Array): void {
    if (this.#checksum === 'spent') return;
    this.#checksum = 'open';
    this.#written.push(...data);
  }

  /** A read command in any zone: the checksum where it stands at $20 of the configuration. Ends it either way. */
  read(zoneIsConfig: boolean, address: number): Uint8Array | undefined {
    if (this.#checksum !== 'open' || this.#seed === undefined) return undefined;
    const here = zoneIsConfig && address === CONFIG.aac;
    if (!this.#isOn(DEVICE.unlimitedChecksums)) this.#checksum = 'spent';
    return here ? this.#checksumOf(this.#seed, Uint8Array.from(this.#written)) : undefined;
  }

  #isOn(bit: number): boolean {
    return isOn(deviceRegister(this.#config), bit);
  }
}
