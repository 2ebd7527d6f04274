import type { AuthFunction } from '../../../chip/at88/f2.ts';
import { decodeAccess } from '../../../chip/at88sc1608/access.ts';
import {
  BUS_CLOCK_HZ,
  COMMAND,
  CONFIG,
  CONFIG_SIZE,
  counterAddress,
  FUSE_ADDRESS,
  PAGE_SIZE,
  PASSWORD_SIZE,
  PASSWORDS,
  READ_PASSWORD,
  SECURE_CODE,
  USER_ZONE_SIZE,
  USER_ZONES,
  WRITE_CYCLE_MS,
} from '../../../chip/at88sc1608/constants.ts';
import { equalBytes } from '../../../bytes/compare.ts';
import type { Eeprom } from '../../eeprom.ts';
import { AuthEngine } from '../at88/auth-engine.ts';
import { TwoWireChip } from '../at88/two-wire-chip.ts';
import { mayTouchConfig } from './config-access.ts';

export interface At88Sc1608ChipInit {
  readonly eeprom: Eeprom;
  /** Eight zones of 256 bytes. */
  readonly user: readonly Uint8Array[];
  /** 128 bytes. */
  readonly config: Uint8Array;
  /** 07 intact … 00 all blown. */
  readonly fuses: number;
  readonly authFunction?: AuthFunction;
  readonly showsAck?: boolean;
  /** Whether another password ends the one before: said of the later family, likely here and unconfirmed. */
  readonly oneActivePassword?: boolean;
}

const NOTHING = new Uint8Array();

/**
 * The chip itself, at the level of its two-wire bus. Source: Atmel data sheet 0971. Where that is silent: a refused
 * read gives 00, a refused write is acknowledged and does nothing, both as the AT88SC153's data sheet has them.
 */
export class At88Sc1608Chip extends TwoWireChip {
  readonly user: readonly Uint8Array[];
  readonly config: Uint8Array;
  readonly fuseCells: Uint8Array;
  readonly #auth: AuthEngine;
  readonly #oneActive: boolean;
  readonly #active = new Set<number>();
  #zone: number | undefined;

  constructor(init: At88Sc1608ChipInit) {
    super({ ...init, clockHz: BUS_CLOCK_HZ, writeCycleMs: WRITE_CYCLE_MS });
    if (init.user.length !== USER_ZONES || init.user.some((zone) => zone.length !== USER_ZONE_SIZE)) {
      throw new RangeError('eight zones of 256 bytes');
    }
    if (init.config.length !== CONFIG_SIZE) throw new RangeError('128 bytes of configuration');
    this.user = init.user.map((zone) => zone.slice());
    this.config = init.config.slice();
    this.fuseCells = Uint8Array.of(init.fuses);
    this.#oneActive = init.oneActivePassword ?? true;
    this.#auth = new AuthEngine({
      ...{ eeprom: init.eeprom, config: this.config, counter: CONFIG.authenticationCounter.at },
      ...{ cryptogram: CONFIG.cryptogram.at, secretSeed: CONFIG.secretSeed.at },
      ...(init.authFunction === undefined ? {} : { authFunction: init.authFunction }),
    });
  }

  get fuses(): number {
    return this.fuseCells[0] ?? 0;
  }

  forget(): void {
    this.#active.clear();
    this.#auth.forget();
    this.#zone = undefined;
  }

  protected answerToReset(): Uint8Array {
    return this.config.slice(0, CONFIG.answerToReset.size);
  }

  protected run([command, first, ...rest]: Uint8Array, take: number): Uint8Array | undefined {
    const known = (Object.values(COMMAND) as number[]).includes(command ?? 0);
    if (!known) return undefined;
    if (first === undefined) return NOTHING;
    const data = Uint8Array.from(rest);
    switch (command) {
      case COMMAND.setUserZone:
        this.#zone = first & (USER_ZONES - 1);
        return NOTHING;
      case COMMAND.readUser:
        return this.#readUser(first, take);
      case COMMAND.readConfig:
        return Uint8Array.from({ length: take }, (_, i) => this.#configByte(first + i));
      case COMMAND.writeUser:
        this.#writeUser(first, data);
        return NOTHING;
      case COMMAND.writeConfig:
        this.#writeConfig(first, data);
        return NOTHING;
      case COMMAND.verifyPassword:
        this.#verify(first & (PASSWORDS - 1), data);
        return NOTHING;
      case COMMAND.initializeAuthentication:
        if (this.#auth.initialize(Uint8Array.of(first, ...data))) this.startCycle();
        return NOTHING;
      case COMMAND.verifyAuthentication:
        if (this.#auth.verify(Uint8Array.of(first, ...data))) this.startCycle();
        return NOTHING;
      default:
        return undefined;
    }
  }

  #readUser(address: number, take: number): Uint8Array {
    const zone = this.#zone === undefined ? undefined : this.user[this.#zone];
    if (zone === undefined || !this.#mayUse('read')) return new Uint8Array(take);
    return Uint8Array.from({ length: take }, (_, i) => zone[(address + i) % USER_ZONE_SIZE] ?? 0);
  }

  #configByte(address: number): number {
    if (address === FUSE_ADDRESS) return this.fuses;
    return address < CONFIG_SIZE && this.#mayTouch('read', address) ? (this.config[address] ?? 0) : 0;
  }

  /** Writes begin only with a STOP; one that runs past its page begins that page anew (unconfirmed). */
  #writeUser(address: number, data: Uint8Array): void {
    const cells = this.#zone === undefined ? undefined : this.user[this.#zone];
    if (cells === undefined || data.length === 0 || !this.#mayUse('write')) return;
    const { start, bytes } = pageOf(cells, address, data);
    const at = { memory: `user${this.#zone ?? 0}`, address: start };
    if (this.#rights().programOnly) {
      // Nothing rises, so that a cycle that lowers is all there is.
      bytes.forEach((byte, i) => {
        this.eeprom.write(cells, { ...at, address: start + i }, byte, { sameCycle: i > 0, samePulse: i > 0 });
      });
    } else {
      this.eeprom.page(cells, at, bytes);
    }
    this.startCycle();
  }

  #writeConfig(address: number, data: Uint8Array): void {
    if (address === FUSE_ADDRESS) {
      if (data.length === 0) this.#blowFuse();
      return;
    }
    if (address >= CONFIG_SIZE || data.length === 0) return;
    const { start, bytes } = pageOf(this.config, address, data);
    if (!bytes.every((_, i) => this.#mayTouch('write', start + i))) return;
    this.eeprom.page(this.config, { memory: 'config', address: start }, bytes);
    this.startCycle();
  }

  /** FAB, then CMA, then PER: the lowest that is intact. */
  #blowFuse(): void {
    if (!this.#active.has(SECURE_CODE) || this.fuses === 0) return;
    this.eeprom.write(this.fuseCells, { memory: 'fuse', address: 0 }, this.fuses & (this.fuses - 1));
    this.startCycle();
  }

  /** An attempt is burnt before it is known whether the password is right; a right one fills the counter again. */
  #verify(index: number, password: Uint8Array): void {
    const address = counterAddress(index);
    const counter = this.config[address] ?? 0;
    if (password.length !== PASSWORD_SIZE || counter === 0) return;
    if (this.#oneActive) this.#active.clear();
    this.#active.delete(index);
    const at = { memory: 'config', address };
    this.eeprom.write(this.config, at, counter & (counter - 1));
    if (equalBytes(this.config.subarray(address + 1, address + 1 + PASSWORD_SIZE), password)) {
      this.eeprom.erase(this.config, at, 0xff, { sameCycle: true });
      this.#active.add(index);
    }
    this.startCycle();
  }

  #rights(): ReturnType<typeof decodeAccess> {
    return decodeAccess(this.config[CONFIG.accessRegisters.at + (this.#zone ?? 0)] ?? 0);
  }

  #mayUse(doing: 'read' | 'write'): boolean {
    const rights = this.#rights();
    if (rights.authentication && !this.#auth.authenticated) return false;
    const write = this.#active.has(rights.set);
    if (doing === 'write') return !rights.modifyForbidden && (!rights.writePassword || write);
    return !rights.readPassword || write || this.#active.has(rights.set + READ_PASSWORD);
  }

  #mayTouch(doing: 'read' | 'write', address: number): boolean {
    const passwords = this.#active.size === 0 ? [undefined] : [...this.#active];
    return passwords.some((active) => mayTouchConfig(doing, address, { active, fuses: this.fuses }));
  }
}

/** What a page's buffer holds after bytes were loaded from `address` on, from the first loaded byte to the last. */
function pageOf(
  cells: Uint8Array,
  address: number,
  data: Uint8Array,
): { readonly start: number; readonly bytes: Uint8Array } {
  const page = address - (address % PAGE_SIZE);
  const buffer = cells.slice(page, page + PAGE_SIZE);
  data.forEach((byte, i) => {
    buffer[(address + i) % PAGE_SIZE] = byte;
  });
  if (address + data.length > page + PAGE_SIZE) return { start: page, bytes: buffer };
  return { start: address, bytes: buffer.slice(address - page, address - page + data.length) };
}
