import { ADDRESSES, BUS_CLOCK_HZ, PULSE_MS, RESET_CLOCKS } from '../../../chip/bit-serial/constants.ts';
import {
  ACCESS_BITS,
  ownZone,
  type ApplicationZone,
  type ZoneCode,
  type ZoneTable,
} from '../../../chip/bit-serial/zone-table.ts';
import type { Eeprom } from '../../eeprom.ts';
import { cellsOf, type Cell } from './layout.ts';

export interface BitSerialChipInit {
  readonly table: ZoneTable;
  readonly eeprom: Eeprom;
  /** `table.size` bytes. */
  readonly memory: Uint8Array;
  /** The issuer's fuse is blown, as on every card in the field; not when the factory's blank card is meant. */
  readonly issued: boolean;
  /** The EC2EN fuse is blown: erasures of AZ2 are not counted. */
  readonly ec2enBlown?: boolean;
}

export type Level = 0 | 1;

/** How far a code has come: every bit clocked through, and for counted codes the counter bit that was spent. */
interface Presentation {
  readonly code: ZoneCode;
  readonly equal: boolean;
  readonly spent?: number;
}

const BITS = 8;

/**
 * A bit-serial secure-zone chip at the level of its contacts: the address counter, what a clock shows and compares,
 * what a pulse on PGM does. Sources: data sheets of AT88SC102 (Atmel 1419) and IS23SC1604; R:mooltipass/minible
 * smartcard_lowlevel.c for the order of validation.
 */
export class BitSerialChip {
  readonly memory: Uint8Array;
  readonly issued: boolean;
  readonly ec2enBlown: boolean;
  readonly #table: ZoneTable;
  readonly #eeprom: Eeprom;
  readonly #flags = new Set<number>();
  readonly #cells: readonly (Cell | undefined)[];
  #address = 0;
  #comparing: { readonly code: ZoneCode; readonly equal: boolean } | undefined;
  #presentation: Presentation | undefined;
  #clocks = 0;
  #idlePulses = 0;
  /** Bytes whose change has begun since power came: further bits of them wear the byte no more. */
  readonly #changing = new Set<number>();

  constructor({ table, eeprom, memory, issued, ec2enBlown = false }: BitSerialChipInit) {
    if (memory.length !== table.size) throw new RangeError(`${table.size} bytes`);
    this.memory = memory.slice();
    this.issued = issued;
    this.ec2enBlown = ec2enBlown;
    this.#table = table;
    this.#eeprom = eeprom;
    this.#cells = cellsOf(table);
  }

  /** Time of everything but pulses that changed something, ms. */
  get busMs(): number {
    return (this.#clocks * 1000) / BUS_CLOCK_HZ + this.#idlePulses * PULSE_MS;
  }

  resetUsage(): void {
    this.#clocks = 0;
    this.#idlePulses = 0;
  }

  powerOff(): void {
    this.#flags.clear();
    this.#changing.clear();
    this.reset();
  }

  /** RST falls while CLK is low: the address is 0; flags stay. */
  reset(): void {
    this.#clocks += RESET_CLOCKS;
    this.#address = 0;
    this.#comparing = undefined;
    this.#presentation = undefined;
  }

  /** The bit at the address as I/O shows it after CLK fell; 1 where reading is inhibited. */
  get output(): Level {
    const { issuer, ec2en } = this.#table.fuses;
    if (this.#address === issuer) return this.issued ? 0 : 1;
    if (this.#address === ec2en) return this.ec2enBlown ? 0 : 1;
    return this.#readable() ? this.#stored() : 1;
  }

  /** One pulse of CLK with this level on I/O: compares inside a code, and moves to the next bit. */
  clock(level: Level): void {
    this.#clocks += 1;
    this.#compare(level);
    this.#address = (this.#address + 1) % ADDRESSES;
    if (this.#presentation !== undefined && !this.#within(this.#presentation.code)) {
      this.#presentation = undefined;
    }
  }

  /** One programming pulse at the address: I/O low writes its bit to 0, high erases. Refusals show in nothing. */
  pulse(level: Level): void {
    const done = level === 0 ? this.#write() : this.#erase();
    if (!done) this.#idlePulses += 1;
  }

  #compare(level: Level): void {
    const code = this.#cells[this.#address >> 3]?.code;
    if (code === undefined) return;
    const running = this.#address === code.first ? { code: code.is, equal: true } : this.#comparing;
    if (running?.code !== code.is) return;
    this.#comparing = { code: code.is, equal: running.equal && level === this.#stored() };
    // A code that was clocked through from its first bit to its last waits for its pulse.
    if (this.#address !== code.last) return;
    this.#presentation = this.#comparing;
    this.#comparing = undefined;
  }

  /** Whether the address is still where the presentation of a code goes on. */
  #within(code: ZoneCode): boolean {
    const counter = this.#counterOf(code);
    if (counter !== undefined) return this.#address >= counter.first && this.#address <= counter.last;
    const { offset, length } = ownZone(this.#table, code.zone);
    return this.#address === (offset + length) * BITS;
  }

  /** The counter bits that stand behind a code, where presenting it spends one. */
  #counterOf(code: ZoneCode): { readonly first: number; readonly last: number } | undefined {
    const counting =
      code.attempts !== undefined
        ? { zone: code.attempts.zone, count: code.attempts.tries }
        : this.ec2enBlown
          ? undefined
          : code.erasures;
    if (counting === undefined) return undefined;
    const first = ownZone(this.#table, counting.zone).offset * BITS;
    return { first, last: first + counting.count - 1 };
  }

  #write(): boolean {
    const at = this.#byteAt();
    if (at === undefined || !this.#writable(at.name)) return false;
    const presentation = this.#presentation;
    if (
      presentation !== undefined &&
      this.#stored() === 1 &&
      this.#counterOf(presentation.code) !== undefined
    ) {
      this.#presentation = { ...presentation, spent: this.#address };
    }
    const next = 0xff & ~(0x80 >> (this.#address % BITS));
    const sameCycle = this.#changing.has(at.address);
    this.#changing.add(at.address);
    this.#eeprom.write(at.cells, { memory: at.name, address: at.inZone }, next, { sameCycle });
    return true;
  }

  #erase(): boolean {
    if (this.#presentation !== undefined) return this.#validate(this.#presentation);
    const at = this.#byteAt();
    const unit = at === undefined ? undefined : this.#eraseUnit(at.name);
    if (at === undefined || unit === undefined) return false;
    this.#eraseBytes(at.address - (at.address % unit), unit);
    return true;
  }

  /** The erase pulse that ends a presentation. */
  #validate(presentation: Presentation): boolean {
    const { code, equal, spent } = presentation;
    this.#presentation = undefined;
    if (!equal) return false;
    const counter = this.#counterOf(code);
    if (counter !== undefined && spent !== this.#address) return false;
    if (code.attempts !== undefined) {
      const { offset, length } = ownZone(this.#table, code.attempts.zone);
      this.#eraseBytes(offset, length);
      this.#flags.add(code.key);
      return true;
    }
    if (code.erases === undefined || !this.#flags.has(0)) return false;
    const { offset, length } = ownZone(this.#table, code.erases);
    this.#eraseBytes(offset, length);
    return true;
  }

  #eraseBytes(first: number, count: number): void {
    for (let address = first; address < first + count; address++) {
      const at = this.#cells[address];
      if (at === undefined) continue;
      const { offset, length } = at.zone;
      const cells = this.memory.subarray(offset, offset + length);
      this.#changing.add(address);
      // One pulse raises them all: time passes once.
      const samePulse = address > first;
      this.#eeprom.erase(cells, { memory: at.name, address: address - offset }, 0xff, { samePulse });
    }
  }

  #writable(zone: string): boolean {
    const application = this.#application(zone);
    if (application !== undefined) {
      return this.#has(application.write) && (!this.issued || this.#access(zone, ACCESS_BITS.write));
    }
    if (this.#isCounter(zone) || zone === 'mtz') return true;
    if (zone === 'cpz') return this.#flags.has(0);
    return zone !== 'fz' && !this.issued && this.#flags.has(0);
  }

  /** Bytes that a plain erase pulse raises here; undefined where it does nothing. */
  #eraseUnit(zone: string): number | undefined {
    const outside = this.#table.eraseUnit === 'word' ? 2 : 1;
    const application = this.#application(zone);
    if (application === undefined) {
      return !this.#isCounter(zone) && this.#writable(zone) ? outside : undefined;
    }
    if (!this.#writable(zone)) return undefined;
    if (!this.issued) return outside;
    if (application.erase === 'zone' || !this.#has(application.raise)) return undefined;
    return application.erase === 'word' ? 2 : 1;
  }

  #readable(): boolean {
    const cell = this.#cells[this.#address >> 3];
    if (cell === undefined) return false;
    if (cell.code !== undefined) return !this.issued && this.#flags.has(0);
    if (cell.application === undefined || this.#flags.has(0)) return true;
    return this.#address >> 3 === cell.zone.offset || this.#access(cell.name, ACCESS_BITS.read);
  }

  #stored(): Level {
    const byte = this.memory[this.#address >> 3] ?? 0xff;
    return ((byte >> (BITS - 1 - (this.#address % BITS))) & 1) === 1 ? 1 : 0;
  }

  #byteAt() {
    const address = this.#address >> 3;
    const at = this.#cells[address];
    if (at === undefined) return undefined;
    const { offset, length } = at.zone;
    return {
      name: at.name,
      address,
      inZone: address - offset,
      cells: this.memory.subarray(offset, offset + length),
    };
  }

  #application(zone: string): ApplicationZone | undefined {
    return this.#table.applicationZones.find((application) => application.zone === zone);
  }

  #isCounter(zone: string): boolean {
    return this.#table.codes.some(
      ({ attempts, erasures }) => attempts?.zone === zone || erasures?.zone === zone,
    );
  }

  #access(zone: string, bit: number): boolean {
    return ((this.memory[ownZone(this.#table, zone).offset] ?? 0) & bit) !== 0;
  }

  #has(keys: readonly number[]): boolean {
    return keys.every((key) => this.#flags.has(key));
  }
}
