import type { AuthFunction } from '../../../chip/at88/f2.ts';
import {
  ACCESS,
  ATR_BYTES,
  BUS_CLOCK_HZ,
  CONFIG,
  CONFIG_ZONE,
  DEVICE,
  FUSE,
  FUSES_WHOLE,
  isPasswordNumber,
  OPERATION,
  PAC_ADDRESS,
  PAGE_SIZE,
  PASSWORD_SIZE,
  SECURE_CODE,
  SPECIAL,
  WRITE_CYCLE_MS,
  ZONE_SIZE,
  ZONES,
  type PasswordNumber,
} from '../../../chip/at88sc153/constants.ts';
import { burnt, EIGHT_TRIES, FOUR_TRIES, type CounterCoding } from '../../../chip/at88sc153/counters.ts';
import { equalBytes } from '../../../bytes/compare.ts';
import { TwoWireChip, type TwoWireAnswer, type TwoWireChipInit } from '../at88/two-wire-chip.ts';
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

export interface At88sc153ChipInit extends Pick<TwoWireChipInit, 'eeprom' | 'showsAck'> {
  /** `user0`, `user1`, `user2`, `config`: 64 bytes each. */
  readonly zones: readonly Uint8Array[];
  /** 0 0 0 0 0 PER CMA FAB, 0 is blown. */
  readonly fuses: number;
  readonly authFunction?: AuthFunction;
  readonly checksum?: ChecksumFunction;
}

/**
 * The chip at the level of its two wires. What changes the EEPROM does so at STOP, as the data sheet (p. 12) has it.
 * A write that is not allowed is taken and has no effect; a byte that may not be read is 00.
 */
export class At88sc153Chip extends TwoWireChip {
  readonly zones: readonly Uint8Array[];
  readonly #config: Uint8Array;
  readonly #fuses: Uint8Array;
  readonly #authentication: Authentication;
  #password: PasswordNumber | undefined;
  /** The password whose first pass is done. */
  #armed: PasswordNumber | undefined;

  constructor(init: At88sc153ChipInit) {
    super({ ...init, clockHz: BUS_CLOCK_HZ, writeCycleMs: WRITE_CYCLE_MS });
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
    this.#authentication = new Authentication({ ...init, config, coding: () => this.coding });
  }

  get fuses(): number {
    return this.#fuses[0] ?? 0;
  }

  /** How this chip's attempts counters count. */
  get coding(): CounterCoding {
    return isOn(deviceRegister(this.#config), DEVICE.extendedTrials) ? EIGHT_TRIES : FOUR_TRIES;
  }

  forget(): void {
    this.#password = undefined;
    this.#armed = undefined;
    this.#authentication.forget();
  }

  /**
   * Transfers one upon another with a START where STOP belongs. Only STOP begins a write cycle, so that all but the
   * last are dropped.
   */
  restarted(frames: readonly [Uint8Array, ...Uint8Array[]]): TwoWireAnswer {
    return this.transfer(frames.at(-1) ?? frames[0]);
  }

  protected answerToReset(): Uint8Array {
    return this.#config.slice(CONFIG.atr, CONFIG.atr + ATR_BYTES.length);
  }

  protected run([command = 0, ...rest]: Uint8Array, take: number): Uint8Array | undefined {
    if (command >> 4 !== (deviceRegister(this.#config) & 0x0f)) return undefined;
    const xx = (command >> 2) & 3;
    const yy = command & 3;
    if (yy === OPERATION.special && xx === SPECIAL.readFuses) return new Uint8Array(take).fill(this.fuses);
    if (yy === OPERATION.read && rest[0] !== undefined) return this.#read(xx, rest[0], take);
    if (rest.length > 0 && yy !== OPERATION.read) this.#execute(xx, yy, Uint8Array.from(rest));
    return new Uint8Array(take).fill(0xff);
  }

  #execute(xx: number, yy: number, bytes: Uint8Array): void {
    if (yy === OPERATION.verify && isPasswordNumber(xx)) return this.#verify(xx, bytes);
    // Only reads may come between the two passes: the poll for the first one's end is one.
    this.#armed = undefined;
    if (yy === OPERATION.write) this.#write(xx, bytes);
    else if (xx === SPECIAL.writeFuse) this.#blow(bytes[0] ?? 0);
    else if (
      xx === SPECIAL.initialiseAuth
        ? this.#authentication.initialise(bytes)
        : this.#authentication.verify(bytes)
    )
      this.startCycle();
  }

  /** From the address on, and round the zone. */
  #read(zone: number, address: number, take: number): Uint8Array {
    const checksum = take > 0 ? this.#authentication.read(zone === CONFIG_ZONE, address) : undefined;
    return Uint8Array.from(
      { length: take },
      (_, i) => checksum?.[i] ?? this.#readable(zone, (address + i) % ZONE_SIZE),
    );
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
      this.eeprom.write(this.#config, at, next);
      this.#armed = password;
      this.startCycle();
      return;
    }
    this.startCycle();
    if (equalBytes(code, this.#config.subarray(pac + 1, pac + 1 + PASSWORD_SIZE))) {
      this.eeprom.erase(this.#config, at);
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
        this.eeprom.write(cells, { memory: memoryOf(zone), address }, byte);
    } else this.#page(zone, cells, taken);
  }

  /** One write cycle, whether the bytes of the page lie together or not. */
  #page(zone: number, cells: Uint8Array, taken: readonly (readonly [number, number])[]): void {
    const [from] = taken[0] ?? [];
    const [to] = taken.at(-1) ?? [];
    if (from === undefined || to === undefined) return;
    this.startCycle();
    const next = cells.slice(from, to + 1);
    for (const [address, byte] of taken) next[address - from] = byte;
    this.eeprom.page(cells, { memory: memoryOf(zone), address: from }, next);
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
    this.startCycle();
    this.eeprom.write(this.#fuses, { memory: 'fuses', address: 0 }, this.fuses & ~next);
  }

  get #state(): AccessState {
    const rights = { password: this.#password, authenticated: this.#authentication.authenticated };
    return { config: this.#config, fuses: this.fuses, rights };
  }
}

function memoryOf(zone: number): string {
  return ZONES[zone] ?? 'config';
}
