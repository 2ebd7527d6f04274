import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { WRITE_CYCLE_MS } from '../../../chip/at88sc1608/constants.ts';
import { chipWith, send, give } from './chip-rig.ts';

describe('the bus of an AT88SC1608 (Atmel data sheet 0971)', () => {
  it('answers a reset with 2C AA 55 A0', () => {
    expect(hex(chipWith().chip.reset())).toBe('2CAA55A0');
  });

  it('lets no one into a user zone before a zone is set, and after power was off', () => {
    const { chip } = chipWith();
    expect(give(chip, 'B100', 2)).toBe('0000');
    send(chip, 'B00055');
    expect(chip.user[0]?.[0]).toBe(0x00);
    send(chip, 'B205');
    expect(give(chip, 'B110', 2)).toBe('0505');
    send(chip, 'B203');
    expect(give(chip, 'B110', 2)).toBe('0303');
    chip.reset();
    expect(give(chip, 'B110', 2)).toBe('0000');
  });

  it('rolls over at the end of a zone when read, and at the end of a page when written', () => {
    const { chip, eeprom } = chipWith();
    send(chip, 'B201');
    send(chip, 'B0FF77');
    expect(give(chip, 'B1FF', 2)).toBe('7701');
    eeprom.resetUsage();
    send(chip, 'B01EA1A2A3A4');
    expect(hex(chip.user[1]?.slice(0x0f, 0x22) ?? new Uint8Array())).toBe(`01A3A4${'01'.repeat(12)}A1A20101`);
    expect([eeprom.cycles, eeprom.ms]).toEqual([1, WRITE_CYCLE_MS]);
  });

  it('is lost on a driver that writes over a page’s end in one command', () => {
    const { chip } = chipWith();
    send(chip, 'B201');
    send(chip, `B018${'AA'.repeat(16)}`);
    expect(chip.user[1]?.[0x20]).toBe(0x01);
    expect(chip.user[1]?.[0x10]).toBe(0xaa);
  });

  it('hears nothing while it writes, and acknowledges the poll B5 when it is done', () => {
    const { chip } = chipWith();
    send(chip, 'B201');
    chip.transfer(bytes('B01055'));
    expect(chip.transfer(bytes('B5')).acknowledged).toBe(0);
    expect(chip.transfer(bytes('B01166')).acknowledged).toBe(0);
    chip.wait(WRITE_CYCLE_MS);
    expect(chip.transfer(bytes('B5')).acknowledged).toBe(1);
    expect(give(chip, 'B110', 2)).toBe('5501');
  });

  it('acknowledges none but its eight commands', () => {
    const { chip } = chipWith();
    const heard = Array.from({ length: 256 }, (_, i) => i).filter(
      (command) => chip.transfer(Uint8Array.of(command)).acknowledged > 0,
    );
    expect(hex(Uint8Array.from(heard))).toBe('B0B1B2B3B4B5B6B7');
  });

  it('counts its clocks: START, nine a byte, STOP', () => {
    const { chip } = chipWith();
    chip.resetUsage();
    give(chip, 'B500', 4);
    expect(chip.busMs).toBeCloseTo((2 + 6 * 9) / 1000, 9);
    chip.reset();
    expect(chip.busMs).toBeCloseTo((2 + 6 * 9 + 33) / 1000, 9);
  });
});
