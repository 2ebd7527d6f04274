import { concatBytes } from '../../../bytes/compare.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import type { AuthFunction } from '../../../chip/at88/f2.ts';
import {
  ATR_BYTES,
  CONFIG,
  CONFIG_SIZE,
  COUNTER_FULL,
  counterAddress,
  FUSES_INTACT,
  PASSWORDS,
  TRIES_FULL,
  triesOf,
  USER_ZONE_SIZE,
  USER_ZONES,
  WRITE_CYCLE_MS,
} from '../../../chip/at88sc1608/constants.ts';
import type { Tries } from '../../../chip/contract.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { seededRandom } from '../../random.ts';
import type { CardSnapshot } from '../../simulated-card.ts';
import { At88Sc1608Chip } from './chip.ts';
import { AcsAt88Sc1608Firmware, type At88Sc1608FirmwareOptions } from './firmware.ts';

export interface SimulatedAt88Sc1608Init extends At88Sc1608FirmwareOptions {
  /** Eight zones of 256 bytes; erased where absent. */
  readonly user?: readonly Uint8Array[];
  /** 128 bytes; `blankAt88Sc1608Config` for a fresh chip. */
  readonly config: Uint8Array;
  /** 07 intact (when absent) … 00 all blown. */
  readonly fuses?: number;
  /** Of the bits of torn bytes. */
  readonly seed?: number;
  readonly authFunction?: AuthFunction;
  readonly showsAck?: boolean;
  readonly oneActivePassword?: boolean;
}

/** Configuration as the factory leaves it: erased but for the answer to reset. */
export function blankAt88Sc1608Config(): Uint8Array {
  const config = new Uint8Array(CONFIG_SIZE).fill(0xff);
  config.set(ATR_BYTES, CONFIG.answerToReset.at);
  return config;
}

/** An AT88SC1608 in an ACS-like reader. */
export class SimulatedAt88Sc1608Card extends EepromCard {
  readonly chip = 'AT88SC1608';
  readonly #chip: At88Sc1608Chip;
  readonly #firmware: AcsAt88Sc1608Firmware;

  constructor(init: SimulatedAt88Sc1608Init) {
    super(new Eeprom({ halfMs: WRITE_CYCLE_MS / 2, random: seededRandom(init.seed ?? 1) }));
    const erased = (): Uint8Array => new Uint8Array(USER_ZONE_SIZE).fill(0xff);
    this.#chip = new At88Sc1608Chip({
      ...init,
      eeprom: this.eeprom,
      user: init.user ?? Array.from({ length: USER_ZONES }, erased),
      fuses: init.fuses ?? FUSES_INTACT,
    });
    this.#firmware = new AcsAt88Sc1608Firmware(this.#chip, init);
  }

  /** The same card again, with everything it held. */
  static restore(snapshot: CardSnapshot, seed = 1): SimulatedAt88Sc1608Card {
    const { user, config, fuses } = snapshot.state;
    if (typeof user !== 'string' || typeof config !== 'string') {
      throw new TypeError('not a snapshot of an AT88SC1608');
    }
    const all = fromHex(user);
    return new SimulatedAt88Sc1608Card({
      user: Array.from({ length: USER_ZONES }, (_, i) =>
        all.slice(i * USER_ZONE_SIZE, (i + 1) * USER_ZONE_SIZE),
      ),
      config: fromHex(config),
      fuses: Number(fuses),
      seed,
    });
  }

  /** 07 intact … 00 all blown, without a command. */
  get fuses(): number {
    return this.#chip.fuses;
  }

  zone(name: string): Uint8Array | undefined {
    if (name === 'config') return this.#chip.config;
    const number = /^user([0-7])$/.exec(name)?.[1];
    return number === undefined ? undefined : this.#chip.user[Number(number)];
  }

  /** Passwords 0–15 by index, then the authentication. */
  get tries(): readonly Tries[] {
    const counters = Array.from({ length: PASSWORDS }, (_, key) => counterAddress(key));
    return [...counters, CONFIG.authenticationCounter.at].map((address) => ({
      left: triesOf(this.#chip.config[address] ?? 0),
      full: TRIES_FULL,
    }));
  }

  setTriesLeft(left: number): void {
    this.#chip.config[counterAddress(0)] = (COUNTER_FULL << (TRIES_FULL - left)) & COUNTER_FULL;
  }

  protected reset(): Uint8Array {
    return Uint8Array.of(0x3b, 0x04, ...this.#chip.reset());
  }

  protected forget(): void {
    this.#firmware.reset();
    this.#chip.powerOff();
  }

  protected run(apdu: Uint8Array): Uint8Array {
    return this.#firmware.transmit(apdu);
  }

  protected busMs(): number {
    return this.#chip.busMs;
  }

  protected resetBus(): void {
    this.#chip.resetUsage();
  }

  snapshot(): CardSnapshot {
    return {
      chip: this.chip,
      state: {
        user: toHex(concatBytes(...this.#chip.user)),
        config: toHex(this.#chip.config),
        fuses: this.#chip.fuses,
      },
    };
  }
}
