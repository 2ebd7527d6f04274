import type { AuthFunction } from '../../../chip/at88/f2.ts';
import {
  ACCESS,
  ATR_BYTES,
  CONFIG,
  CONFIG_ZONE,
  DEVICE_DEFAULT,
  PAC_ADDRESS,
  PASSWORD,
  WRITE_CYCLE_MS,
  ZONE_SIZE,
  ZONES,
  type PasswordNumber,
} from '../../../chip/at88sc153/constants.ts';
import { codeOfTries, fullTries, triesOf } from '../../../chip/at88sc153/counters.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import type { Tries } from '../../../chip/contract.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { seededRandom } from '../../random.ts';
import type { CardSnapshot } from '../../simulated-card.ts';
import type { ChecksumFunction } from './authentication.ts';
import { At88sc153Chip } from './chip.ts';
import { AcsAt88sc153Firmware, type AcsAt88sc153FirmwareOptions } from './firmware.ts';

export interface SimulatedAt88sc153Init extends AcsAt88sc153FirmwareOptions {
  /** `user0`, `user1`, `user2`, `config`: 64 bytes each. */
  readonly zones: readonly Uint8Array[];
  /** 0 0 0 0 0 PER CMA FAB, 0 is blown. */
  readonly fuses: number;
  /** Of the bits of torn bytes. */
  readonly seed?: number;
  readonly authFunction?: AuthFunction;
  readonly checksum?: ChecksumFunction;
  /** False for the many cards whose acknowledge does not show. */
  readonly showsAck?: boolean;
}

/** The passwords in the order in which cards list their tries. */
const PASSWORDS: readonly PasswordNumber[] = Object.values(PASSWORD);

/** A user zone that everyone reads and that is written under Write 0. */
export const WRITE_0_ACCESS = 0xff & ~(ACCESS.writePassword | ACCESS.passwordSet);

/** A configuration with open zones, full counters and the given passwords by their number; FF where absent. */
export function plainConfig(
  passwords: readonly { readonly key: number; readonly code: Uint8Array }[],
): Uint8Array {
  const config = new Uint8Array(ZONE_SIZE).fill(0xff);
  config.set(ATR_BYTES, CONFIG.atr);
  config[CONFIG.deviceConfiguration] = DEVICE_DEFAULT;
  for (const { key, code } of passwords) config.set(code, PAC_ADDRESS[key as PasswordNumber] + 1);
  return config;
}

/** An AT88SC153 in an ACS-like reader. */
export class SimulatedAt88sc153Card extends EepromCard {
  readonly chip = 'AT88SC153';
  readonly #chip: At88sc153Chip;
  readonly #firmware: AcsAt88sc153Firmware;

  constructor(init: SimulatedAt88sc153Init) {
    super(new Eeprom({ halfMs: WRITE_CYCLE_MS / 2, random: seededRandom(init.seed ?? 1) }));
    this.#chip = new At88sc153Chip({ ...init, eeprom: this.eeprom });
    this.#firmware = new AcsAt88sc153Firmware(this.#chip, init);
  }

  /** The same card again, with everything it held. */
  static restore(snapshot: CardSnapshot, seed = 1): SimulatedAt88sc153Card {
    const { fuses, ...state } = snapshot.state;
    const zones = ZONES.map((name) => {
      const bytes = state[name];
      if (typeof bytes !== 'string') throw new TypeError('not a snapshot of an AT88SC153');
      return fromHex(bytes);
    });
    return new SimulatedAt88sc153Card({ zones, fuses: Number(fuses), seed });
  }

  /** The fuse byte without a command. */
  get fuses(): number {
    return this.#chip.fuses;
  }

  zone(name: string): Uint8Array | undefined {
    return this.#chip.zones[(ZONES as readonly string[]).indexOf(name)];
  }

  get tries(): readonly Tries[] {
    const { coding } = this.#chip;
    return PASSWORDS.map((password) => ({
      left: triesOf(this.#config[PAC_ADDRESS[password]] ?? 0, coding),
      full: fullTries(coding),
    }));
  }

  setTriesLeft(left: number): void {
    this.#config[PAC_ADDRESS[PASSWORD.write0]] = codeOfTries(left, this.#chip.coding);
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
    const zones = Object.fromEntries(
      ZONES.map((name, i) => [name, toHex(this.#chip.zones[i] ?? new Uint8Array())]),
    );
    return { chip: this.chip, state: { ...zones, fuses: this.#chip.fuses } };
  }

  get #config(): Uint8Array {
    return this.#chip.zones[CONFIG_ZONE] ?? new Uint8Array();
  }
}
