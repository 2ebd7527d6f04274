import { f2, type AuthFunction } from '../../../chip/at88/f2.ts';
import {
  BLOCK_SIZE,
  CONFIG,
  CRYPTOGRAM_HEAD,
  CRYPTOGRAM_SIZE,
  DEVICE,
} from '../../../chip/at88sc153/constants.ts';
import { burnt, type CounterCoding } from '../../../chip/at88sc153/counters.ts';
import { equalBytes } from '../../../bytes/compare.ts';
import type { Eeprom } from '../../eeprom.ts';
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

type Pending = { readonly ci: Uint8Array; readonly gc: Uint8Array; readonly q0: Uint8Array };

/** The chip's authentication in two commands, and the checksum that may be read once after it. */
export class Authentication {
  readonly #init: AuthenticationInit;
  readonly #f2: AuthFunction;
  readonly #checksumOf: ChecksumFunction;
  #pending: Pending | undefined;
  #authenticated: Pending | undefined;
  /** `armed` by an authentication, `open` from the first write, `spent` when it was read or anything else was. */
  #checksum: 'armed' | 'open' | 'spent' = 'spent';
  #written: number[] = [];

  constructor(init: AuthenticationInit) {
    this.#init = init;
    this.#f2 = init.authFunction ?? f2;
    this.#checksumOf = init.checksum ?? standInChecksum;
  }

  get authenticated(): boolean {
    return this.#authenticated !== undefined;
  }

  reset(): void {
    this.#pending = undefined;
    this.#authenticated = undefined;
    this.#checksum = 'spent';
  }

  /** Takes Q0. A new attempt ends what was granted, and costs a try unless trials are unlimited. */
  initialise(q0: Uint8Array): void {
    this.reset();
    if (q0.length !== BLOCK_SIZE) return;
    const { config, eeprom, coding } = this.#init;
    const aac = config[CONFIG.aac] ?? 0;
    if (this.#counts()) {
      if (burnt(aac, coding()) === aac) return;
      eeprom.write(config, { memory: 'config', address: CONFIG.aac }, burnt(aac, coding()));
    }
    const stored = config.subarray(CONFIG.cryptogram, CONFIG.cryptogram + CRYPTOGRAM_SIZE);
    const ci = Uint8Array.of(CRYPTOGRAM_HEAD, ...stored);
    this.#pending = { ci, gc: config.slice(CONFIG.seed, CONFIG.seed + BLOCK_SIZE), q0 };
  }

  /** Takes Q1: where it is right the next cryptogram is stored, and with it a full AAC. */
  verify(q1: Uint8Array): void {
    const pending = this.#pending;
    this.reset();
    if (pending === undefined) return;
    const expected = this.#f2(pending);
    if (!equalBytes(q1, expected.q1)) return;
    const { config, eeprom } = this.#init;
    const next = Uint8Array.of(CRYPTOGRAM_HEAD, ...expected.q2.subarray(1));
    eeprom.page(config, { memory: 'config', address: CONFIG.aac }, next);
    this.#authenticated = pending;
    this.#checksum = 'armed';
    this.#written = [];
  }

  /** Bytes of a write command, whether or not the zone took them. */
  wrote(data: Uint8Array): void {
    if (this.#checksum === 'spent') return;
    this.#checksum = 'open';
    this.#written.push(...data);
  }

  /** A read command in any zone: the checksum where it stands at $20 of the configuration. Ends it either way. */
  read(zoneIsConfig: boolean, address: number): Uint8Array | undefined {
    if (this.#checksum !== 'open' || this.#authenticated === undefined) return undefined;
    const here = zoneIsConfig && address === CONFIG.aac;
    if (!isOn(deviceRegister(this.#init.config), DEVICE.unlimitedChecksums)) this.#checksum = 'spent';
    return here ? this.#checksumOf(this.#authenticated, Uint8Array.from(this.#written)) : undefined;
  }

  #counts(): boolean {
    return !isOn(deviceRegister(this.#init.config), DEVICE.unlimitedAuthentication);
  }
}
