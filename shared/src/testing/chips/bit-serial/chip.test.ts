import { describe, expect, it } from 'vitest';
import { AT88SC102, AT88SC102_REV_1999 } from '../../../chip/bit-serial/tables/at88sc102.ts';
import { AT88SC1602 } from '../../../chip/bit-serial/tables/at88sc1602.ts';
import { AT88SC1604 } from '../../../chip/bit-serial/tables/at88sc1604.ts';
import { ownZone, type ZoneTable } from '../../../chip/bit-serial/zone-table.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { BitSerialChip, type BitSerialChipInit, type Level } from './chip.ts';
import { blankBitSerial, laidOver } from './card.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();
const KEY1 = bytes('A1B2C3D4E5F6');

function chipOf(table: ZoneTable, init: Partial<BitSerialChipInit> = {}) {
  const eeprom = new Eeprom({ halfMs: 4, random: seededRandom(1) });
  const memory = laidOver(blankBitSerial(table), table, [
    { zone: 'ez1', offset: 0, data: KEY1.subarray(0, ownZone(table, 'ez1').length) },
    { zone: 'az1', offset: 1, data: bytes('0123') },
  ]);
  return { chip: new BitSerialChip({ table, eeprom, memory, issued: true, ...init }), eeprom };
}

/** What a host does at the contacts. */
class Host {
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

describe('the address counter', () => {
  it('starts at zero when RST falls, moves with each clock, wraps after 16383, shows the highest bit first', () => {
    const host = new Host(AT88SC102);
    expect(host.read('fz', 2)).toBe('0F0F');
    host.to(0x4000 + 4);
    expect(host.chip.output).toBe(1);
    host.to(0x4000 + 3);
    expect(host.chip.output).toBe(0);
    // Beyond the memory nothing is driven.
    host.to(AT88SC102.size * 8 + 3);
    expect(host.chip.output).toBe(1);
  });

  it('counts clocks and pulses', () => {
    const { chip, eeprom } = chipOf(AT88SC102);
    chip.resetUsage();
    chip.reset();
    for (let i = 0; i < 249; i++) chip.clock(1);
    expect(chip.busMs).toBe(1);
    chip.pulse(0);
    expect(chip.busMs).toBe(5);
    expect(eeprom.ms).toBe(0);
  });
});

describe('reading', () => {
  it('gives ones where it is inhibited: codes always, application zones whose second bit is 0 before the code', () => {
    const table = AT88SC102;
    const memory = laidOver(blankBitSerial(table), table, [
      { zone: 'az1', offset: 0, data: bytes('BF0123') },
      { zone: 'ez1', offset: 0, data: KEY1 },
    ]);
    const host = new Host(table, { memory });
    expect(host.read('sc', 2)).toBe('FFFF');
    expect(host.read('ez1', 6)).toBe('FFFFFFFFFFFF');
    expect(host.read('az1', 3)).toBe('BFFFFF');
    expect(host.validate('sc', bytes('F0F0'))).toBe(true);
    expect(host.read('az1', 3)).toBe('BF0123');
    expect(host.read('sc', 2)).toBe('FFFF');
  });

  it('shows the codes of a card that is not issued yet, after its code', () => {
    const host = new Host(AT88SC102, { issued: false });
    expect(host.read('sc', 2)).toBe('FFFF');
    host.validate('sc', bytes('F0F0'));
    expect(host.read('sc', 2)).toBe('F0F0');
    host.to(AT88SC102.fuses.issuer);
    expect(host.chip.output).toBe(1);
  });
});

describe('validation of the security code', () => {
  it.each([
    ['four tries', AT88SC102, ['7FFF', '3FFF', '1FFF', '0FFF']],
    [
      'eight in the revision of 1999',
      AT88SC102_REV_1999,
      ['7FFF', '3FFF', '1FFF', '0FFF', '07FF', '03FF', '01FF', '00FF'],
    ],
  ])('walks down to a locked card: %s', (_name, table, counters) => {
    const host = new Host(table);
    for (const counter of counters) {
      expect(host.validate('sc', bytes('F0F1'))).toBe(false);
      expect(host.read('scac', 2)).toBe(counter);
    }
    host.validate('sc', bytes('F0F0'));
    // No bit of the counter is left to write, and the next ones are none of it.
    expect(host.read('scac', 2)).toMatch(new RegExp(`^${counters.at(-1)?.replace(/F+$/, '') ?? 'none'}`));
    host.pulseAt(host.bitOf('az1') + 15, 0);
    expect(host.chip.memory[ownZone(table, 'az1').offset + 1]).toBe(0x01);
  });

  it('brings all tries back, and its flag outlives a reset but not the power', () => {
    const host = new Host(AT88SC1604);
    host.validate('sc', bytes('0000'));
    expect(host.read('scac', 1)).toBe('7F');
    expect(host.validate('sc', bytes('F0F0'))).toBe(true);
    expect(host.read('scac', 1)).toBe('FF');
    host.pulseAt(host.bitOf('az1') + 15, 0);
    expect(host.read('az1', 3)).toBe('FF0023');
    host.chip.powerOff();
    host.pulseAt(host.bitOf('az1') + 22, 0);
    expect(host.read('az1', 3)).toBe('FF0023');
  });

  it.each<[string, (host: Host) => void]>([
    ['no counter bit written', (host) => {
      host.to(host.bitOf('sc'));
      host.code(bytes('F0F0'));
      host.chip.pulse(1);
    }],
    ['another bit erased than the one that was written', (host) => {
      host.to(host.bitOf('sc'));
      host.code(bytes('F0F0'));
      host.chip.pulse(0);
      host.chip.clock(1);
      host.chip.pulse(1);
    }],
    ['a reset between', (host) => {
      host.to(host.bitOf('sc'));
      host.code(bytes('F0F0'));
      host.to(host.bitOf('scac'));
      host.spend();
    }],
    // Some functions of a public driver (`AT1604.c`) count one bit less than others to SC.
    ['a comparison that starts at the bit before the code', (host) => {
      host.to(host.bitOf('sc') - 1);
      host.code(bytes('F0F0'));
      host.spend();
    }],
    ['a code of which the last bit was left out', (host) => {
      host.to(host.bitOf('sc'));
      host.code(bytes('F0F0'), 15);
      host.spend();
    }],
  ])('fails with %s', (_name, deviate) => {
    for (const table of [AT88SC102, AT88SC1604]) {
      const host = new Host(table);
      deviate(host);
      host.pulseAt(host.bitOf('az1') + 15, 0);
      expect(host.read('az1', 2)).toBe('FF01');
      // At worst a try is lost, which the right code brings back.
      expect(host.validate('sc', bytes('F0F0'))).toBe(true);
      expect(host.read('scac', 1)).toBe('FF');
    }
  }); // prettier-ignore
});

describe('an erase key with a counter (AT88SC1604)', () => {
  it('lets bits of its zone rise, a byte a pulse, and counts wrong ones', () => {
    const host = new Host(AT88SC1604);
    host.validate('sc', bytes('F0F0'));
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 3)).toBe('FF0123');
    expect(host.validate('ez1', bytes('A1B3'))).toBe(false);
    expect(host.read('e1ac', 1)).toBe('7F');
    expect(host.validate('ez1', bytes('A1B2'))).toBe(true);
    expect(host.read('e1ac', 1)).toBe('FF');
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 3)).toBe('FFFF23');
    // Another zone has another key.
    host.pulseAt(host.bitOf('az2') + 8, 0);
    expect(host.read('az2', 2)).toBe('FF7F');
    host.pulseAt(host.bitOf('az2') + 8, 1);
    expect(host.read('az2', 2)).toBe('FF7F');
  });

  it('is not validated by a driver that spends a bit at the key’s own address', () => {
    // `UpdEnAC` of the public driver `AT1604.c` goes to EZn where it means EnAC.
    const host = new Host(AT88SC1604);
    host.validate('sc', bytes('F0F0'));
    host.to(host.bitOf('ez1'));
    host.code(bytes('A1B2'));
    host.to(host.bitOf('ez1'));
    host.chip.pulse(0);
    host.chip.pulse(1);
    expect(host.read('e1ac', 1)).toBe('FF');
    host.pulseAt(host.bitOf('az1') + 8, 1);
    expect(host.read('az1', 2)).toBe('FF01');
  });
});

describe('an erase key without a counter (AT88SC102)', () => {
  it('erases its zone whole with the pulse that follows it, after the security code', () => {
    const host = new Host(AT88SC102);
    const erase = (key: Uint8Array): void => {
      host.to(host.bitOf('ez1'));
      host.code(key);
      host.chip.pulse(1);
    };
    erase(KEY1);
    expect(host.read('az1', 3)).toBe('FF0123');
    host.validate('sc', bytes('F0F0'));
    erase(bytes('A1B2C3D4E5F7'));
    expect(host.read('az1', 3)).toBe('FF0123');
    erase(KEY1);
    expect(host.read('az1', 3)).toBe('FFFFFF');
  });

  it('is met by chance: I/O left high over a key of ones makes the first pulse in AZ2 erase AZ1', () => {
    const table = AT88SC102;
    const memory = laidOver(blankBitSerial(table), table, [{ zone: 'az1', offset: 1, data: bytes('0123') }]);
    const host = new Host(table, { memory });
    host.validate('sc', bytes('F0F0'));
    // As R:mooltipass/minible does: low on the last bit of EZ1.
    host.to(host.bitOf('az2') - 1);
    host.chip.clock(0);
    host.chip.pulse(1);
    expect(host.read('az1', 3)).toBe('FF0123');
    host.pulseAt(host.bitOf('az2'), 1);
    expect(host.read('az1', 3)).toBe('FFFFFF');
  });

  it('spends one of 128 bits of EC for each erasure of AZ2, until the EC2EN fuse is blown', () => {
    const erase = (host: Host): void => {
      host.to(host.bitOf('az2') + 8);
      host.chip.pulse(0);
      host.to(host.bitOf('ez2'));
      host.code(bytes('FFFFFFFF'));
      for (let i = 0; i < 128 && host.chip.output === 0; i++) host.chip.clock(1);
      host.chip.pulse(0);
      host.chip.pulse(1);
    };
    const host = new Host(AT88SC102);
    host.validate('sc', bytes('F0F0'));
    for (let i = 0; i < 128; i++) {
      erase(host);
      expect(host.read('az2', 2)).toBe('FFFF');
    }
    expect(host.read('ec', 16)).toBe('00'.repeat(16));
    erase(host);
    expect(host.read('az2', 2)).toBe('FF7F');

    const uncounted = new Host(AT88SC102, { ec2enBlown: true });
    uncounted.validate('sc', bytes('F0F0'));
    uncounted.pulseAt(uncounted.bitOf('az2') + 8, 0);
    uncounted.to(uncounted.bitOf('ez2'));
    uncounted.code(bytes('FFFFFFFF'));
    uncounted.chip.pulse(1);
    expect(uncounted.read('az2', 2)).toBe('FFFF');
    expect(uncounted.read('ec', 1)).toBe('FF');
  });
});

describe('what may change', () => {
  it('is nothing in an application zone whose first bit is 0, nor issuer data once issued', () => {
    const table = AT88SC1602;
    const memory = laidOver(blankBitSerial(table), table, [{ zone: 'az1', offset: 0, data: bytes('7FFF') }]);
    for (const issued of [true, false]) {
      const host = new Host(table, { memory, issued });
      host.validate('sc', bytes('F0F0'));
      host.pulseAt(host.bitOf('az1') + 8, 0);
      expect(host.read('az1', 2)).toBe(issued ? '7FFF' : '7F7F');
      host.pulseAt(host.bitOf('iz'), 0);
      expect(host.read('iz', 1)).toBe(issued ? 'FF' : '7F');
      host.pulseAt(host.bitOf('fz') + 2, 0);
      expect(host.read('fz', 2)).toBe('1602');
    }
  });

  it('rises a word at a time outside application zones of an AT88SC102, a byte at a time on the others', () => {
    for (const [table, after] of [
      [AT88SC102, 'FFFF0000'],
      [AT88SC1604, 'FF000000'],
    ] as const) {
      const memory = laidOver(blankBitSerial(table), table, [
        { zone: 'cpz', offset: 0, data: bytes('00000000') },
      ]);
      const host = new Host(table, { memory });
      host.pulseAt(host.bitOf('cpz') + 3, 1);
      expect(host.read('cpz', 4)).toBe('00000000');
      host.validate('sc', bytes('F0F0'));
      host.pulseAt(host.bitOf('cpz') + 3, 1);
      expect(host.read('cpz', 4)).toBe(after);
    }
  });

  it('is the test zone always', () => {
    const host = new Host(AT88SC102);
    host.pulseAt(host.bitOf('mtz'), 0);
    expect(host.read('mtz', 2)).toBe('7FFF');
    host.pulseAt(host.bitOf('mtz') + 9, 1);
    expect(host.read('mtz', 2)).toBe('FFFF');
  });
});
