import {
  ATR_BYTES,
  BUS_CLOCK_HZ,
  COMMAND_CLOCKS,
  CONTROL,
  ERROR_COUNTER_ADDRESS,
  ERROR_COUNTER_FULL,
  MAIN_SIZE,
  MEMORY_SIZE,
  PROCESSING_CLOCKS,
  PSC_ADDRESS,
  PSC_SIZE,
  READ_CLOCKS,
  READ_WITH_PROTECTION_CLOCKS,
  RESET_CLOCKS,
  type Control,
} from '../../../chip/sle4428/constants.ts';
import type { Eeprom } from '../../eeprom.ts';

export interface Sle4428ChipInit {
  readonly eeprom: Eeprom;
  /** 1,021 bytes. */
  readonly main: Uint8Array;
  /** 2 bytes. */
  readonly code: Uint8Array;
  /** 128 bytes; bit n of byte m guards address 8·m + n, 0 is protected. */
  readonly protection?: Uint8Array;
  readonly errorCounter?: number;
}

/** One command of the three-wire bus. */
export interface ChipCommand {
  readonly control: Control;
  /** 0 to 1023. */
  readonly address: number;
  readonly data?: number;
  /** Bytes that the host clocks out before it raises RST for its next command; for the two readings. */
  readonly take?: number;
}

/** How far a code presentation has come: the order from which any deviation fails. */
type Presentation =
  | { readonly stage: 'none' }
  | { readonly stage: 'comparing'; readonly next: number; readonly equal: boolean };

const NONE: Presentation = { stage: 'none' };
const COMPARED = PSC_ADDRESS + PSC_SIZE;

/**
 * The chip itself, at the level of its bus commands, with its clocks counted. Sources as in its constants; that rights
 * come with the erased counter and not with the last compared byte is the SLE4442's way, and unconfirmed here.
 */
export class Sle4428Chip {
  /** All 1,024 bytes: the counter and the code are the last three. */
  readonly memory: Uint8Array;
  readonly protection: Uint8Array;
  readonly #eeprom: Eeprom;
  #presentation: Presentation = NONE;
  #verified = false;
  #busClocks = 0;

  constructor(init: Sle4428ChipInit) {
    if (init.main.length !== MAIN_SIZE || init.code.length !== PSC_SIZE) {
      throw new RangeError('1,021 bytes and a code of 2');
    }
    this.memory = Uint8Array.of(...init.main, init.errorCounter ?? ERROR_COUNTER_FULL, ...init.code);
    this.protection = init.protection?.slice() ?? new Uint8Array(MEMORY_SIZE / 8).fill(0xff);
    this.#eeprom = init.eeprom;
  }

  /** Time of everything but the EEPROM's own, ms. */
  get busMs(): number {
    return (this.#busClocks * 1000) / BUS_CLOCK_HZ;
  }

  resetUsage(): void {
    this.#busClocks = 0;
  }

  /** Power or a full reset: the answer to reset is the first four bytes of memory. */
  reset(): Uint8Array {
    this.powerOff();
    this.#busClocks += RESET_CLOCKS;
    return this.memory.slice(0, ATR_BYTES.length);
  }

  powerOff(): void {
    this.#verified = false;
    this.#presentation = NONE;
  }

  /** Runs a command; gives what is read, or nothing for commands that process. Refusals show in nothing but time. */
  command(command: ChipCommand): Uint8Array {
    const { control, address, data = 0, take = 1 } = command;
    this.#busClocks += COMMAND_CLOCKS;
    const presentation = this.#presentation;
    // Anything that does not carry the sequence on ends it.
    this.#presentation = NONE;
    if (control === CONTROL.read) return this.#read(address, take);
    if (control === CONTROL.readWithProtection) return this.#readWithProtection(address, take);
    this.#busClocks += PROCESSING_CLOCKS;
    switch (control) {
      case CONTROL.writeErrorCounter:
        this.#burn(address, data);
        break;
      case CONTROL.compareCode:
        this.#compare(presentation, address, data);
        break;
      case CONTROL.write:
        if (this.#erasesCounter(presentation, address, data)) break;
        this.#write(address, data);
        break;
      case CONTROL.writeAndProtect:
        if (this.#write(address, data)) this.#protect(address);
        break;
      case CONTROL.protectEqual:
        if (this.#verified && this.memory[address] === data) this.#protect(address);
        break;
    }
    return new Uint8Array();
  }

  isOpen(address: number): boolean {
    return (((this.protection[address >> 3] ?? 0) >> (address & 7)) & 1) === 1;
  }

  /** Addresses count up by themselves; what comes after the last byte is nowhere said, so that nothing comes here. */
  #read(address: number, take: number): Uint8Array {
    const data = this.#readable().slice(address, address + take);
    this.#busClocks += data.length * READ_CLOCKS;
    return data;
  }

  /** Two bytes for each: the byte, then 01 where it is open and 00 where it is protected. */
  #readWithProtection(address: number, take: number): Uint8Array {
    const data = this.#readable().slice(address, address + take);
    this.#busClocks += data.length * READ_WITH_PROTECTION_CLOCKS;
    return Uint8Array.from([...data].flatMap((byte, i) => [byte, this.isOpen(address + i) ? 1 : 0]));
  }

  /** The code reads as 00 until it was presented. */
  #readable(): Uint8Array {
    const cells = this.memory.slice();
    if (!this.#verified) cells.fill(0, PSC_ADDRESS);
    return cells;
  }

  #burn(address: number, data: number): void {
    if (address !== ERROR_COUNTER_ADDRESS) return;
    const old = this.memory[address] ?? 0;
    if ((old & data) === old) return;
    this.#eeprom.write(this.memory, { memory: 'security', address }, data);
    this.#presentation = { stage: 'comparing', next: PSC_ADDRESS, equal: true };
  }

  #compare(presentation: Presentation, address: number, data: number): void {
    if (presentation.stage !== 'comparing' || address !== presentation.next) return;
    const equal = presentation.equal && data === this.memory[address];
    this.#presentation = { stage: 'comparing', next: address + 1, equal };
  }

  /** After a right code the counter can be erased, whole; that it then reads full is the only sign of success. */
  #erasesCounter(presentation: Presentation, address: number, data: number): boolean {
    const right = presentation.stage === 'comparing' && presentation.next === COMPARED && presentation.equal;
    if (!right || address !== ERROR_COUNTER_ADDRESS || data !== ERROR_COUNTER_FULL) return false;
    this.#eeprom.erase(this.memory, { memory: 'security', address });
    this.#verified = true;
    return true;
  }

  #write(address: number, data: number): boolean {
    if (!this.#verified || !this.isOpen(address)) return false;
    const memory = address < ERROR_COUNTER_ADDRESS ? 'main' : 'security';
    this.#eeprom.change(this.memory, { memory, address }, data);
    return true;
  }

  #protect(address: number): void {
    const at = { memory: 'protection', address: address >> 3 };
    this.#eeprom.write(this.protection, at, 0xff & ~(1 << (address & 7)));
  }
}
