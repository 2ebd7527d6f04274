import { countBits } from '../../../bytes/bits.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { PULSE_MS, SHOWN_BYTES } from '../../../chip/bit-serial/constants.ts';
import { ownZone, zoneOf, type ZoneTable } from '../../../chip/bit-serial/zone-table.ts';
import type { ChipName, Tries } from '../../../chip/contract.ts';
import type { RegionData } from '../../../chip/region.ts';
import { Eeprom } from '../../eeprom.ts';
import { EepromCard } from '../../eeprom-card.ts';
import { seededRandom } from '../../random.ts';
import type { CardSnapshot } from '../../simulated-card.ts';
import { BitSerialChip } from './chip.ts';
import { AcsBitSerialFirmware, type AcsBitSerialOptions } from './firmware.ts';

export interface SimulatedBitSerialInit extends AcsBitSerialOptions {
  readonly table: ZoneTable;
  /** `table.size` bytes; `blankBitSerial` for a fresh chip. */
  readonly memory: Uint8Array;
  /** See `BitSerialChip`. */
  readonly issued?: boolean;
  readonly ec2enBlown?: boolean;
  /** Of the bits of torn bytes. */
  readonly seed?: number;
}

/** Memory as the factory leaves it: erased but for the fabrication zone and the transport code F0F0. */
export function blankBitSerial(table: ZoneTable): Uint8Array {
  const memory = new Uint8Array(table.size).fill(0xff);
  memory.set(table.fabrication, ownZone(table, 'fz').offset);
  // Of the AT88SC102 as shipped (Mooltipass); taken for the others too.
  memory.set([0xf0, 0xf0], ownZone(table, 'sc').offset);
  return memory;
}

/** Contents laid over a memory. */
export function laidOver(memory: Uint8Array, table: ZoneTable, contents: readonly RegionData[]): Uint8Array {
  const whole = memory.slice();
  for (const { zone, offset, data } of contents) whole.set(data, ownZone(table, zone).offset + offset);
  return whole;
}

/** A chip of the family in an ACS-like reader. */
export class SimulatedBitSerialCard extends EepromCard {
  readonly chip: ChipName;
  readonly #table: ZoneTable;
  readonly #chip: BitSerialChip;
  readonly #firmware: AcsBitSerialFirmware;

  constructor(init: SimulatedBitSerialInit) {
    super(new Eeprom({ halfMs: PULSE_MS, random: seededRandom(init.seed ?? 1) }));
    this.chip = init.table.chip;
    this.#table = init.table;
    this.#chip = new BitSerialChip({ ...init, issued: init.issued ?? true, eeprom: this.eeprom });
    this.#firmware = new AcsBitSerialFirmware(this.#chip, init.table, init);
  }

  /** The same card again, with everything it held. */
  static restore(table: ZoneTable, snapshot: CardSnapshot, seed = 1): SimulatedBitSerialCard {
    const { memory, issued, ec2enBlown } = snapshot.state;
    if (snapshot.chip !== table.chip || typeof memory !== 'string') {
      throw new TypeError(`not a snapshot of an ${table.chip}`);
    }
    return new SimulatedBitSerialCard({
      table,
      memory: fromHex(memory),
      issued: issued === true,
      ec2enBlown: ec2enBlown === true,
      seed,
    });
  }

  /** The chip behind the reader, for tests that clock it themselves. */
  get contacts(): BitSerialChip {
    return this.#chip;
  }

  zone(name: string): Uint8Array | undefined {
    const zone = zoneOf(this.#table, name);
    return zone === undefined
      ? undefined
      : this.#chip.memory.subarray(zone.offset, zone.offset + zone.length);
  }

  get tries(): readonly Tries[] {
    return this.#table.codes.flatMap(({ attempts }) => {
      if (attempts === undefined) return [];
      return [
        { left: countBits(this.#counter(attempts.zone) >>> (32 - attempts.tries)), full: attempts.tries },
      ];
    });
  }

  setTriesLeft(left: number): void {
    const attempts = this.#table.codes[0]?.attempts;
    const counter = this.zone(attempts?.zone ?? '');
    if (attempts === undefined || counter === undefined) throw new RangeError('no counted code');
    // The chip spends the first bits first.
    counter[0] = 0xff >> (attempts.tries - left);
  }

  protected reset(): Uint8Array {
    return Uint8Array.of(0x3b, 0x04, ...this.#firmware.show(SHOWN_BYTES));
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
        memory: toHex(this.#chip.memory),
        issued: this.#chip.issued,
        ec2enBlown: this.#chip.ec2enBlown,
      },
    };
  }

  /** A counter's bits from the highest of 32 down. */
  #counter(zone: string): number {
    const [first = 0, second = 0] = this.zone(zone) ?? [];
    return ((first << 24) | (second << 16)) >>> 0;
  }
}
