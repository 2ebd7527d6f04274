import { describe, expect, it } from 'vitest';
import { fromHex as bytes } from '../../../bytes/hex.ts';
import { AT88SC102 } from '../../../chip/bit-serial/tables/at88sc102.ts';
import { blankBitSerial, laidOver } from './card.ts';
import { KEY1, chipOf, Host } from './host.ts';

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
