import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { CONTROL } from '../../../chip/sle4442/constants.ts';
import type { Sle4442Chip } from './chip.ts';
import { CODE, chipWith, send, present } from './chip-rig.ts';

describe('the SLE4442 chip (Siemens data sheet 07.95)', () => {
  it('answers a reset with main memory 0–3', () => {
    expect(hex(chipWith().chip.reset())).toBe('A2131091');
  });

  it('shows the code as 00 until it was presented, then as it is', () => {
    const { chip } = chipWith();
    expect(hex(send(chip, 'readSecurity'))).toBe('07000000');
    present(chip, CODE);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
    chip.reset();
    expect(hex(send(chip, 'readSecurity'))).toBe('07000000');
  });

  it('walks 07 → 06 → 04 → 00 on wrong codes and is then locked for ever', () => {
    const { chip } = chipWith();
    for (const counter of [0x06, 0x04, 0x00]) {
      present(chip, bytes('000000'), counter);
      expect(send(chip, 'readSecurity')[0]).toBe(counter);
    }
    present(chip, CODE, 0x00);
    present(chip, CODE, 0x07);
    expect(hex(send(chip, 'readSecurity'))).toBe('00000000');
    send(chip, 'updateMain', 0x40, 0x00);
    expect(chip.main[0x40]).toBe(0xff);
  });

  it('takes any other order of the counter bits, as other drivers use', () => {
    const { chip } = chipWith();
    present(chip, CODE, 0x03);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  });

  it.each<[string, (chip: Sle4442Chip) => void]>([
    ['no counter bit burnt', (chip) => present(chip, CODE, 0x07)],
    ['bytes compared out of order', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [2, 1, 3]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['a byte left out', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [1, 2]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['another command in between', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      send(chip, 'compareCode', 1, CODE[0]);
      send(chip, 'readSecurity');
      for (const at of [2, 3]) send(chip, 'compareCode', at, CODE[at - 1]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
    ['a break in between', (chip) => {
      send(chip, 'updateSecurity', 0, 0x06);
      for (const at of [1, 2]) send(chip, 'compareCode', at, CODE[at - 1]);
      chip.break();
      send(chip, 'compareCode', 3, CODE[2]);
      send(chip, 'updateSecurity', 0, 0xff);
    }],
  ])('fails a presentation with %s', (_name, deviate) => {
    const { chip } = chipWith();
    deviate(chip);
    send(chip, 'updateMain', 0x40, 0x00);
    expect(chip.main[0x40]).toBe(0xff);
    present(chip, CODE, 0x04);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  }); // prettier-ignore

  it('can be told that a break does no harm, since sources differ', () => {
    const { chip } = chipWith({ breakEndsPresentation: false });
    send(chip, 'updateSecurity', 0, 0x06);
    CODE.forEach((byte, i) => {
      chip.break();
      send(chip, 'compareCode', i + 1, byte);
    });
    send(chip, 'updateSecurity', 0, 0xff);
    expect(hex(send(chip, 'readSecurity'))).toBe('07A1B2C3');
  });

  it('protects only what it is shown to hold, for ever', () => {
    const { chip } = chipWith();
    present(chip, CODE);
    send(chip, 'writeProtection', 0x08, 0x12);
    expect(hex(send(chip, 'readProtection'))).toBe('FFFFFFFF');
    send(chip, 'writeProtection', 0x08, 0xff);
    send(chip, 'writeProtection', 0x20, 0xff);
    expect(hex(send(chip, 'readProtection'))).toBe('FFFEFFFF');
    send(chip, 'updateMain', 0x08, 0x00);
    expect(chip.main[0x08]).toBe(0xff);
  });

  it('erases only where a bit must rise', () => {
    const { chip, eeprom } = chipWith();
    present(chip, CODE);
    const half = (data: number): number => {
      eeprom.resetUsage();
      chip.resetUsage();
      send(chip, 'updateMain', 0x40, data);
      expect(chip.main[0x40]).toBe(data);
      return eeprom.ms;
    };
    expect(half(0x0f)).toBe(2.5);
    expect(chip.processingClocks).toBe(124);
    expect(half(0x01)).toBe(2.5);
    expect(half(0xf0)).toBe(5);
    expect(chip.processingClocks).toBe(255);
    expect(half(0xff)).toBe(2.5);
  });

  it('counts the clocks of its bus', () => {
    const { chip } = chipWith();
    const clocks = (run: () => void): number => {
      chip.resetUsage();
      run();
      return Math.round(chip.busMs * 50);
    };
    expect(clocks(() => chip.reset())).toBe(33);
    expect(clocks(() => send(chip, 'readMain', 0xf0))).toBe(26 + 16 * 8 + 1);
    expect(clocks(() => chip.command({ control: CONTROL.readMain, address: 0, data: 0, take: 4 }))).toBe(
      26 + 32 + 1,
    );
    expect(clocks(() => send(chip, 'readProtection'))).toBe(26 + 32 + 1);
    expect(clocks(() => send(chip, 'updateMain', 0x40, 0))).toBe(26 + 2);
  });
});
