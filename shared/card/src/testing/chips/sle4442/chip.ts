import {
  ATR_BYTES,
  BREAK_CLOCKS,
  BUS_CLOCK_HZ,
  COMMAND_CLOCKS,
  CONTROL,
  ERROR_COUNTER_FULL,
  MAIN_SIZE,
  OUTGOING_END_CLOCKS,
  PROTECTABLE_SIZE,
  RESET_CLOCKS,
  type Control,
} from '../../../chip/sle4442/constants.ts';
import type { Eeprom } from '../../eeprom.ts';

/** Processing clocks: no data-sheet text was found for them, so they are parameters. */
export interface Sle4442Clocks {
  readonly eraseAndWrite: number;
  readonly half: number;
  /** A comparison, and any command that is refused. */
  readonly compare: number;
}
/** What card emulators and drivers in the field agree with (R:sonovice/sle4442, R:rogerlee0824/SmartAmmeter_STM8L). */
export const SLE4442_CLOCKS: Sle4442Clocks = { eraseAndWrite: 255, half: 124, compare: 2 };

export interface Sle4442ChipInit {
  readonly eeprom: Eeprom;
  /** 256 bytes. */
  readonly main: Uint8Array;
  /** 3 bytes. */
  readonly code: Uint8Array;
  /** 4 bytes; bit n of byte m guards address 8·m + n, 0 is protected. */
  readonly protection?: Uint8Array;
  readonly errorCounter?: number;
  readonly clocks?: Sle4442Clocks;
  /**
   * Whether a break between the commands of a code presentation makes it fail. One author found that it does,
   * another's driver breaks before every command: not known which is right.
   */
  readonly breakEndsPresentation?: boolean;
}

/** One command of the two-wire bus. */
export interface ChipCommand {
  readonly control: Control;
  readonly address: number;
  readonly data: number;
  /** Bytes after which the host breaks outgoing data; absent: it clocks to the end. */
  readonly take?: number;
}

/** How far a code presentation has come: the data sheet's order, from which any deviation fails. */
type Presentation =
  | { readonly stage: 'none' }
  | { readonly stage: 'comparing'; readonly next: number; readonly equal: boolean };

/**
 * The chip itself, at the level of its bus commands, with its clocks counted.
 * Source: Siemens data sheet SLE 4432/4442 (07.95), "PSC verification" and command tables.
 */
export class Sle4442Chip {
  readonly main: Uint8Array;
  readonly protection: Uint8Array;
  /** Error counter and code. */
  readonly security: Uint8Array;
  readonly #eeprom: Eeprom;
  readonly #clocks: Sle4442Clocks;
  readonly #breakEndsPresentation: boolean;
  #presentation: Presentation = { stage: 'none' };
  #verified = false;
  #busClocks = 0;
  #processingClocks = 0;

  constructor(init: Sle4442ChipInit) {
    if (init.main.length !== MAIN_SIZE || init.code.length !== 3)
      throw new RangeError('256 bytes and a code of 3');
    this.main = init.main.slice();
    this.protection = init.protection?.slice() ?? new Uint8Array(PROTECTABLE_SIZE / 8).fill(0xff);
    this.security = Uint8Array.of(init.errorCounter ?? ERROR_COUNTER_FULL, ...init.code);
    this.#eeprom = init.eeprom;
    this.#clocks = init.clocks ?? SLE4442_CLOCKS;
    this.#breakEndsPresentation = init.breakEndsPresentation ?? true;
  }

  /** Time of everything but the EEPROM's own, which the host only clocks through, ms. */
  get busMs(): number {
    return (this.#busClocks * 1000) / BUS_CLOCK_HZ;
  }

  /** Clocks during which the chip's EEPROM worked. */
  get processingClocks(): number {
    return this.#processingClocks;
  }

  resetUsage(): void {
    this.#busClocks = 0;
    this.#processingClocks = 0;
  }

  /** Power or a full reset: the answer to reset is the first four bytes of main memory. */
  reset(): Uint8Array {
    this.powerOff();
    this.#busClocks += RESET_CLOCKS;
    return this.main.slice(0, ATR_BYTES.length);
  }

  powerOff(): void {
    this.#verified = false;
    this.#presentation = { stage: 'none' };
  }

  /** RST pulse without a clock: ends outgoing data. */
  break(): void {
    this.#busClocks += BREAK_CLOCKS;
    if (this.#breakEndsPresentation) this.#presentation = { stage: 'none' };
  }

  /** Runs a command; gives outgoing data, or nothing for commands that process. Refusals show in nothing but time. */
  command(command: ChipCommand): Uint8Array {
    this.#busClocks += COMMAND_CLOCKS;
    const { control, address } = command;
    const presentation = this.#presentation;
    // Anything that does not carry the sequence on ends it.
    this.#presentation = { stage: 'none' };
    switch (control) {
      case CONTROL.readMain:
        return this.#outgoing(this.main.slice(address), command.take);
      case CONTROL.readProtection:
        return this.#outgoing(this.protection.slice(), command.take);
      case CONTROL.readSecurity:
        return this.#outgoing(this.#readableSecurity(), command.take);
      case CONTROL.compareCode:
        this.#compare(presentation, address, command.data);
        return new Uint8Array();
      case CONTROL.updateSecurity:
        this.#updateSecurity(presentation, address & 3, command.data);
        return new Uint8Array();
      case CONTROL.updateMain:
        this.#updateMain(address, command.data);
        return new Uint8Array();
      case CONTROL.writeProtection:
        this.#protect(address, command.data);
        return new Uint8Array();
    }
  }

  /** The code reads as 00 until it was presented. */
  #readableSecurity(): Uint8Array {
    const counter = (this.security[0] ?? 0) & ERROR_COUNTER_FULL;
    return this.#verified
      ? Uint8Array.of(counter, ...this.security.subarray(1))
      : Uint8Array.of(counter, 0, 0, 0);
  }

  #outgoing(data: Uint8Array, take: number | undefined): Uint8Array {
    if (take !== undefined && take < data.length) {
      this.#busClocks += take * 8;
      this.break();
      return data.slice(0, take);
    }
    this.#busClocks += data.length * 8 + OUTGOING_END_CLOCKS;
    return data;
  }

  #compare(presentation: Presentation, address: number, data: number): void {
    this.#busClocks += this.#clocks.compare;
    if (presentation.stage !== 'comparing' || address !== presentation.next) return;
    const equal = presentation.equal && data === this.security[address];
    this.#presentation = { stage: 'comparing', next: address + 1, equal };
  }

  #updateSecurity(presentation: Presentation, address: number, data: number): void {
    const old = this.security[0] ?? 0;
    if (this.#verified) {
      this.#change('security', this.security, address, address === 0 ? data & ERROR_COUNTER_FULL : data);
      return;
    }
    if (address !== 0) return this.#refuse();
    if (presentation.stage === 'comparing' && presentation.next === 4 && presentation.equal) {
      // The counter can be erased now; that it reads full afterwards is the only sign that the code was right.
      if (this.#erases(old, data)) {
        this.#processingClocks += this.#clocks.half;
        this.#eeprom.erase(this.security, { memory: 'security', address: 0 }, ERROR_COUNTER_FULL);
        this.#verified = true;
        return;
      }
    }
    const next = old & data & ERROR_COUNTER_FULL;
    if (next === (old & ERROR_COUNTER_FULL)) return this.#refuse();
    this.#processingClocks += this.#clocks.half;
    this.#eeprom.write(this.security, { memory: 'security', address: 0 }, next);
    this.#presentation = { stage: 'comparing', next: 1, equal: true };
  }

  #erases(old: number, data: number): boolean {
    return (data & ~old & ERROR_COUNTER_FULL) !== 0;
  }

  #updateMain(address: number, data: number): void {
    if (!this.#verified || this.#isProtected(address)) return this.#refuse();
    this.#change('main', this.main, address, data);
  }

  #protect(address: number, data: number): void {
    if (!this.#verified || address >= PROTECTABLE_SIZE || this.main[address] !== data) return this.#refuse();
    const at = { memory: 'protection', address: address >> 3 };
    this.#processingClocks += this.#clocks.half;
    this.#eeprom.write(this.protection, at, 0xff & ~(1 << (address & 7)));
  }

  #isProtected(address: number): boolean {
    return address < PROTECTABLE_SIZE && (((this.protection[address >> 3] ?? 0) >> (address & 7)) & 1) === 0;
  }

  #change(memory: string, cells: Uint8Array, address: number, data: number): void {
    const halves = this.#eeprom.change(cells, { memory, address }, data);
    this.#processingClocks += halves === 2 ? this.#clocks.eraseAndWrite : this.#clocks.half;
  }

  #refuse(): void {
    this.#busClocks += this.#clocks.compare;
  }
}
