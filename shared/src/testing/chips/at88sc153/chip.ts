import type { AuthFunction } from '../../../chip/at88/f2.ts';
import {
  ACCESS,
  ATR_BYTES,
  BUS_CLOCK_HZ,
  BYTE_CLOCKS,
  CONFIG,
  CONFIG_ZONE,
  DEVICE,
  EDGE_CLOCKS,
  FUSE,
  FUSES_WHOLE,
  isPasswordNumber,
  OPERATION,
  PAC_ADDRESS,
  PAGE_SIZE,
  PASSWORD_SIZE,
  RESET_CLOCKS,
  SECURE_CODE,
  SPECIAL,
  ZONE_SIZE,
  ZONES,
  type PasswordNumber,
} from '../../../chip/at88sc153/constants.ts';
import { burnt, EIGHT_TRIES, FOUR_TRIES, type CounterCoding } from '../../../chip/at88sc153/counters.ts';
import { equalBytes } from '../../../bytes/compare.ts';
import type { Eeprom } from '../../eeprom.ts';
import {
  accessRegister,
  deviceRegister,
  isOn,
  mayReadConfig,
  mayReadUser,
  mayWriteConfig,
  mayWriteUser,
  type AccessState,
} from './access.ts';
import { Authentication, type ChecksumFunction } from './authentication.ts';

export interface At88sc153ChipInit {
  readonly eeprom: Eeprom;
  /** `user0`, `user1`, `user2`, `config`: 64 bytes each. */
  readonly zones: readonly Uint8Array[];
  /** 0 0 0 0 0 PER CMA FAB, 0 is blown. */
  readonly fuses: number;
  readonly authFunction?: AuthFunction;
  readonly checksum?: ChecksumFunction;
}

/** A transaction so far: its command byte and what followed it. */
interface Frame {
  readonly bytes: number[];
  /** The checksum in the place of the AAC, where this read gives it. */
  checksum?: Uint8Array | undefined;
  given: number;
}

/**
 * The chip at the level of its two wires, with its clocks counted: START, bytes with their acknowledgement, STOP.
 * What changes the EEPROM does so at STOP, as the data sheet (p. 12) has it: a START in its place drops the command.
 * A write that is not allowed is taken and has no effect; a byte that may not be read is 00.
 */
export class At88sc153Chip {
  readonly zones: readonly Uint8Array[];
  readonly #config: Uint8Array;
  readonly #fuses: Uint8Array;
  readonly #eeprom: Eeprom;
  readonly #authentication: Authentication;
  #frame: Frame | undefined;
  #password: PasswordNumber | undefined;
  /** The password whose first pass is done. */
  #armed: PasswordNumber | undefined;
  #busClocks = 0;

  constructor(init: At88sc153ChipInit) {
    const zones = init.zones.map((zone) => zone.slice());
    const config = zones[CONFIG_ZONE];
    if (
      config === undefined ||
      zones.length !== ZONES.length ||
      zones.some(({ length }) => length !== ZONE_SIZE)
    ) {
      throw new RangeError(`an AT88SC153 has ${ZONES.length} zones of ${ZONE_SIZE} bytes`);
    }
    this.zones = zones;
    this.#config = config;
    this.#fuses = Uint8Array.of(init.fuses);
    this.#eeprom = init.eeprom;
    this.#authentication = new Authentication({ ...init, config, coding: () => this.coding });
  }

  /** Time of everything but the EEPROM's own, ms. */
  get busMs(): number {
    return (this.#busClocks * 1000) / BUS_CLOCK_HZ;
  }

  resetUsage(): void {
    this.#busClocks = 0;
  }

  get fuses(): number {
    return this.#fuses[0] ?? 0;
  }

  /** How this chip's attempts counters count. */
  get coding(): CounterCoding {
    return isOn(deviceRegister(this.#config), DEVICE.extendedTrials) ? EIGHT_TRIES : FOUR_TRIES;
  }

  /** Power or RST: the answer to reset; all rights are gone. */
  reset(): Uint8Array {
    this.powerOff();
    this.#busClocks += RESET_CLOCKS;
    return this.#config.slice(CONFIG.atr, CONFIG.atr + ATR_BYTES.length);
  }

  powerOff(): void {
    this.#frame = undefined;
    this.#password = undefined;
    this.#armed = undefined;
    this.#authentication.reset();
  }

  start(): void {
    this.#busClocks += EDGE_CLOCKS;
    this.#frame = { bytes: [], given: 0 };
  }

  /** One byte to the chip; true where it acknowledges: not for another chip select, nor outside a transaction. */
  send(byte: number): boolean {
    this.#busClocks += BYTE_CLOCKS;
    if (this.#frame === undefined) return false;
    if (this.#frame.bytes.length === 0 && byte >> 4 !== (deviceRegister(this.#config) & 0x0f)) {
      this.#frame = undefined;
      return false;
    }
    this.#frame.bytes.push(byte);
    return true;
  }

  /** One byte from the chip; FF where it has none to give. */
  receive(): number {
    this.#busClocks += BYTE_CLOCKS;
    const frame = this.#frame;
    const [command = 0, address] = frame?.bytes ?? [];
    if (frame === undefined) return 0xff;
    const { xx, yy } = parts(command);
    if (yy === OPERATION.special) return xx === SPECIAL.readFuses ? this.fuses : 0xff;
    if (yy !== OPERATION.read || address === undefined) return 0xff;
    const given = frame.given++;
    if (given === 0) frame.checksum = this.#authentication.read(xx === CONFIG_ZONE, address);
    return frame.checksum?.[given] ?? this.#readable(xx, (address + given) % ZONE_SIZE);
  }

  stop(): void {
    this.#busClocks += EDGE_CLOCKS;
    const frame = this.#frame;
    this.#frame = undefined;
    const [command, ...bytes] = frame?.bytes ?? [];
    if (command !== undefined) this.#execute(command, Uint8Array.from(bytes));
  }

  #execute(command: number, bytes: Uint8Array): void {
    const { xx, yy } = parts(command);
    if (yy === OPERATION.verify && isPasswordNumber(xx)) return this.#verify(xx, bytes);
    if (yy === OPERATION.read) return;
    // Only reads may come between the two passes: the poll for the first one's end is one.
    this.#armed = undefined;
    if (yy === OPERATION.write) this.#write(xx, bytes);
    else if (xx === SPECIAL.initialiseAuth) this.#authentication.initialise(bytes);
    else if (xx === SPECIAL.verifyAuth) this.#authentication.verify(bytes);
    else if (xx === SPECIAL.writeFuse) this.#blow(bytes[0] ?? 0);
  }

  /** The first pass always burns a try and looks at no data; the second, of the same password, compares. */
  #verify(password: PasswordNumber, code: Uint8Array): void {
    if (code.length !== PASSWORD_SIZE) return;
    const second = this.#armed === password;
    this.#armed = undefined;
    this.#password = undefined;
    const pac = PAC_ADDRESS[password];
    const at = { memory: 'config', address: pac };
    const counter = this.#config[pac] ?? 0;
    if (!second) {
      const next = burnt(counter, this.coding);
      if (next === counter) return;
      this.#eeprom.write(this.#config, at, next);
      this.#armed = password;
    } else if (equalBytes(code, this.#config.subarray(pac + 1, pac + 1 + PASSWORD_SIZE))) {
      this.#eeprom.erase(this.#config, at);
      this.#password = password;
    }
  }

  #write(zone: number, [first, ...data]: Uint8Array): void {
    const cells = this.zones[zone];
    if (first === undefined || cells === undefined || data.length === 0) return;
    this.#authentication.wrote(Uint8Array.from(data));
    const page = first - (first % PAGE_SIZE);
    const register = zone === CONFIG_ZONE ? 0xff : accessRegister(this.#config, zone);
    const oneByte = isOn(register, ACCESS.writeLock);
    const buffer = new Map<number, number>();
    for (const [i, byte] of data.slice(0, oneByte ? 1 : undefined).entries()) {
      buffer.set(page + ((first + i) % PAGE_SIZE), byte);
    }
    const taken = [...buffer].filter(([address]) => this.#takes(zone, address)).sort(([a], [b]) => a - b);
    if (isOn(register, ACCESS.programOnly)) {
      for (const [address, byte] of taken)
        this.#eeprom.write(cells, { memory: memoryOf(zone), address }, byte);
    } else this.#page(zone, cells, taken);
  }

  /** One write cycle, whether the bytes of the page lie together or not. */
  #page(zone: number, cells: Uint8Array, taken: readonly (readonly [number, number])[]): void {
    const [from] = taken[0] ?? [];
    const [to] = taken.at(-1) ?? [];
    if (from === undefined || to === undefined) return;
    const next = cells.slice(from, to + 1);
    for (const [address, byte] of taken) next[address - from] = byte;
    this.#eeprom.page(cells, { memory: memoryOf(zone), address: from }, next);
  }

  #takes(zone: number, address: number): boolean {
    if (address >= ZONE_SIZE) return false;
    if (zone === CONFIG_ZONE) return mayWriteConfig(address, this.#state);
    if (!mayWriteUser(zone, this.#state)) return false;
    if (!isOn(accessRegister(this.#config, zone), ACCESS.writeLock)) return true;
    const lock = this.zones[zone]?.[address - (address % PAGE_SIZE)] ?? 0;
    return ((lock >> (address % PAGE_SIZE)) & 1) === 1;
  }

  #readable(zone: number, address: number): number {
    if (zone === CONFIG_ZONE)
      return mayReadConfig(address, this.#state) ? (this.#config[address] ?? 0) : 0x00;
    if (mayReadUser(zone, this.#state)) return this.zones[zone]?.[address] ?? 0;
    // While card maker's or issuer's fuse is whole, what may not be read shows the fuses.
    return (this.fuses & (FUSE.cma | FUSE.per)) !== 0 ? this.fuses : 0x00;
  }

  /** After the secure code, one by one, in their order. */
  #blow(fuse: number): void {
    const next = this.fuses & -this.fuses & FUSES_WHOLE;
    if (this.#password !== SECURE_CODE || fuse !== next || next === 0) return;
    this.#eeprom.write(this.#fuses, { memory: 'fuses', address: 0 }, this.fuses & ~next);
  }

  get #state(): AccessState {
    const rights = { password: this.#password, authenticated: this.#authentication.authenticated };
    return { config: this.#config, fuses: this.fuses, rights };
  }
}

function parts(command: number): { readonly xx: number; readonly yy: number } {
  return { xx: (command >> 2) & 3, yy: command & 3 };
}

function memoryOf(zone: number): string {
  return ZONES[zone] ?? 'config';
}
