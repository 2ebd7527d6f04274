import { ACS_AT88SC102, ACS_AT88SC1604, ACS_AT88SC1604_COUNTER_BITS } from '../../../chip/bit-serial/acs.ts';
import { reverseBits } from '../../../chip/bit-serial/bit-order.ts';
import { ownZone, type ZoneTable } from '../../../chip/bit-serial/zone-table.ts';
import { ACS_CARD_TYPE, decodeAcs, type AcsCommand } from '../../../chip/dialect/acs.ts';
import type { BitSerialChip, Level } from './chip.ts';

const SUCCESS = 0x9000;
const FAILED = 0x6300;
const WRONG_PARAMETERS = 0x6b00;
const UNKNOWN_INSTRUCTION = 0x6d00;
const BITS = 8;

/** Both sets have the same names. */
type Name = keyof typeof ACS_AT88SC102;

export interface AcsBitSerialOptions {
  /** Whether C8 is driven; without it no pulse reaches the chip. */
  readonly programs?: boolean;
  /**
   * Drives a level on the last bit of an erase key that does not match a key of all ones, as R:mooltipass/minible
   * does. A reader that leaves I/O high there erases AZ1 with its first pulse in AZ2.
   */
  readonly avoidsEraseKey?: boolean;
  /**
   * Looks for the counter's first 1, as the manuals say. Without it the first bit is taken whatever it is: our reading
   * of why "it's not possible to unlock the card anymore" after a wrong code (R:mooltipass/minible scripts/smc_decode
   * README, ACR38U and ACR39U). Unconfirmed.
   */
  readonly searchesCounter?: boolean;
}

/**
 * The part of an ACS reader that turns pseudo-APDUs into clocks and pulses, so that what is counted is what would
 * pass on a real bus. Every command zeroes the address and clocks up to its own.
 */
export class AcsBitSerialFirmware {
  readonly #chip: BitSerialChip;
  readonly #table: ZoneTable;
  readonly #programs: boolean;
  readonly #searchesCounter: boolean;
  /** Bits before which I/O is low while the address is moved. */
  readonly #lowAt: ReadonlySet<number>;
  #selected = false;

  constructor(chip: BitSerialChip, table: ZoneTable, options: AcsBitSerialOptions = {}) {
    this.#chip = chip;
    this.#table = table;
    this.#programs = options.programs ?? true;
    this.#searchesCounter = options.searchesCounter ?? true;
    const keys =
      options.avoidsEraseKey === false ? [] : table.codes.filter(({ erases }) => erases !== undefined);
    this.#lowAt = new Set(
      keys.map(({ zone }) => (ownZone(table, zone).offset + ownZone(table, zone).length) * BITS - 1),
    );
  }

  /** The reader lost or gave power: the card type must be selected anew. */
  reset(): void {
    this.#selected = false;
  }

  /** The bytes that the reader shows in place of an answer to reset. */
  show(count: number): Uint8Array {
    this.#seek(0);
    return this.#take(count);
  }

  transmit(apdu: Uint8Array): Uint8Array {
    const is102 = this.#table.commandSet === 'at88sc102';
    const command: AcsCommand<Name> | undefined = decodeAcs(is102 ? ACS_AT88SC102 : ACS_AT88SC1604, apdu);
    if (command === undefined) return answer(UNKNOWN_INSTRUCTION);
    if (command.name === 'selectType') return this.#select(command.data);
    if (!this.#selected) return answer(FAILED);
    const { p1, p2, data = new Uint8Array(), length = 0 } = command;
    const address = is102 ? p2 : p1 * 0x100 + p2;
    switch (command.name) {
      case 'read':
        return this.#read(address, length);
      case 'write':
        return this.#write(address, reverseBits(data));
      case 'erase':
        return this.#erase(address, is102 ? 1 : length);
      case 'present':
        return this.#present(address, reverseBits(data), is102 ? p1 : ACS_AT88SC1604_COUNTER_BITS);
    }
  }

  #select(data: Uint8Array | undefined): Uint8Array {
    if (data?.length !== 1) return answer(WRONG_PARAMETERS);
    // Selecting powers the card anew, whatever was there before.
    this.#chip.powerOff();
    const types = { at88sc102: ACS_CARD_TYPE.at88sc102, at88sc1604: ACS_CARD_TYPE.at88sc1604 } as const;
    // A reader cannot see what is in it: it takes every type that it knows, and reads whatever the contacts give.
    this.#selected = data[0] === types[this.#table.commandSet];
    return answer(this.#selected ? SUCCESS : FAILED);
  }

  #read(address: number, length: number): Uint8Array {
    if (address + length > this.#table.size) return answer(WRONG_PARAMETERS);
    this.#seek(address);
    return answer(SUCCESS, this.#take(length));
  }

  #write(address: number, data: Uint8Array): Uint8Array {
    if (address + data.length > this.#table.size) return answer(WRONG_PARAMETERS);
    this.#seek(address);
    for (const bit of bitsOf(data)) {
      if (bit === 0) this.#pulse(0);
      this.#chip.clock(1);
    }
    return answer(SUCCESS);
  }

  #erase(address: number, count: number): Uint8Array {
    if (address + count > this.#table.size) return answer(WRONG_PARAMETERS);
    this.#seek(address);
    for (let i = 0; i < count; i++) {
      this.#pulse(1);
      for (let bit = 0; bit < BITS; bit++) this.#chip.clock(1);
    }
    return answer(SUCCESS);
  }

  #present(address: number, code: Uint8Array, counterBits: number): Uint8Array {
    this.#seek(address);
    for (const bit of bitsOf(code)) this.#chip.clock(bit);
    const searched = this.#searchesCounter ? counterBits : 0;
    for (let bit = 0; bit < searched && this.#chip.output === 0; bit++) {
      if (bit === searched - 1) return answer(FAILED);
      this.#chip.clock(1);
    }
    if (counterBits > 0) this.#pulse(0);
    this.#pulse(1);
    return answer(SUCCESS);
  }

  #seek(address: number): void {
    this.#chip.reset();
    for (let bit = 0; bit < address * BITS; bit++) this.#chip.clock(this.#lowAt.has(bit) ? 0 : 1);
  }

  /** Bytes as the reader gives them: the first bit as the lowest. */
  #take(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => {
      let byte = 0;
      for (let bit = 0; bit < BITS; bit++) {
        byte |= this.#chip.output << bit;
        this.#chip.clock(1);
      }
      return byte;
    });
  }

  #pulse(level: Level): void {
    if (this.#programs) this.#chip.pulse(level);
  }
}

/** The bits of bytes in the order in which they pass, the highest first. */
function* bitsOf(data: Uint8Array): Iterable<Level> {
  for (const byte of data) {
    for (let bit = BITS - 1; bit >= 0; bit--) yield ((byte >> bit) & 1) === 1 ? 1 : 0;
  }
}

function answer(sw: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  return Uint8Array.of(...data, sw >> 8, sw & 0xff);
}
