import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../../bytes/hex.ts';
import { AT88SC102, AT88SC102_REV_1999 } from '../../../chip/bit-serial/tables/at88sc102.ts';
import { AT88SC1602 } from '../../../chip/bit-serial/tables/at88sc1602.ts';
import { AT88SC1604 } from '../../../chip/bit-serial/tables/at88sc1604.ts';
import { ownZone } from '../../../chip/bit-serial/zone-table.ts';
import { blankBitSerial, laidOver } from './card.ts';
import { Host } from './host.ts';

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
