import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { ownZone } from '../../../chip/bit-serial/zone-table.ts';
import type { ZoneTable } from '../../../chip/bit-serial/zone-table.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { BitSerialChip } from './chip.ts';
import type { BitSerialChipInit, Level } from './chip.ts';
import { blankBitSerial, laidOver } from './card.ts';

export const KEY1 = bytes('A1B2C3D4E5F6');

export function chipOf(table: ZoneTable, init: Partial<BitSerialChipInit> = {}) {
  const eeprom = new Eeprom({ halfMs: 4, random: seededRandom(1) });
  const memory = laidOver(blankBitSerial(table), table, [
    { zone: 'ez1', offset: 0, data: KEY1.subarray(0, ownZone(table, 'ez1').length) },
    { zone: 'az1', offset: 1, data: bytes('0123') },
  ]);
  return { chip: new BitSerialChip({ table, eeprom, memory, issued: true, ...init }), eeprom };
}

/** What a host does at the contacts. */
export class Host {
  readonly chip: BitSerialChip;
  readonly table: ZoneTable;

  constructor(table: ZoneTable, init: Partial<BitSerialChipInit> = {}) {
    this.table = table;
    this.chip = chipOf(table, init).chip;
  }

  bitOf(zone: string): number {
    return ownZone(this.table, zone).offset * 8;
  }

  /** Moves to a bit with this level on I/O all the way. */
  to(bit: number, level: Level = 1): void {
    this.chip.reset();
    for (let i = 0; i < bit; i++) this.chip.clock(level);
  }

  code(code: Uint8Array, bits = code.length * 8): void {
    for (let i = 0; i < bits; i++) this.chip.clock((((code[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) as Level);
  }

  read(zone: string, count: number): string {
    this.to(this.bitOf(zone));
    const data = new Uint8Array(count);
    for (let i = 0; i < count * 8; i++) {
      data[i >> 3] = (data[i >> 3] ?? 0) | (this.chip.output << (7 - (i & 7)));
      this.chip.clock(1);
    }
    return hex(data);
  }

  /** The order of the data sheet; true as the chip shows it. */
  validate(zone: string, code: Uint8Array): boolean {
    this.to(this.bitOf(zone));
    this.code(code);
    return this.spend();
  }

  /** On to the counter's first 1, which is written and erased. */
  spend(): boolean {
    for (let i = 0; i < 8 && this.chip.output === 0; i++) this.chip.clock(1);
    this.chip.pulse(0);
    this.chip.pulse(1);
    return this.chip.output === 1;
  }

  pulseAt(bit: number, level: Level): void {
    this.to(bit);
    this.chip.pulse(level);
  }
}
