import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { CONTROL } from '../../../chip/sle4428/constants.ts';
import type { Sle4428Chip } from './chip.ts';
import { CODE, EC, PSC, chipWith, send, read, present, takesBytes } from './chip-rig.ts';

describe('the SLE4428 chip (IS23SC4418/4428 data sheet)', () => {
  it('answers a reset with memory 0–3', () => {
    expect(hex(chipWith().chip.reset())).toBe('92231091');
  });

  it('shows the code as 00 until it was presented, then as it is', () => {
    const { chip } = chipWith();
    expect(read(chip, EC, 3)).toBe('FF0000');
    present(chip, CODE, 0xfe);
    expect(read(chip, EC, 3)).toBe('FFA1B2');
    chip.reset();
    expect(read(chip, EC, 3)).toBe('FF0000');
  });

  it('counts addresses up by itself, and ends at its last byte', () => {
    const { chip } = chipWith();
    expect(read(chip, 0, 5)).toBe('92231091FF');
    expect(read(chip, 0x3ff, 2)).toBe('00');
  });

  it('gives nine bits a byte, the ninth 1 where it is open', () => {
    const protection = new Uint8Array(128).fill(0xff);
    protection[0] = 0xfd;
    const { chip } = chipWith({ protection });
    expect(hex(chip.command({ control: CONTROL.readWithProtection, address: 0, take: 3 }))).toBe(
      '920123001001',
    );
  });

  it('loses a bit to each wrong code and is locked for ever after eight', () => {
    const { chip } = chipWith();
    for (const counter of [0xfe, 0xfc, 0xf8, 0xf0, 0xe0, 0xc0, 0x80, 0x00]) {
      present(chip, bytes('0000'), counter);
      expect(read(chip, EC, 1)).toBe(hex(Uint8Array.of(counter)));
    }
    present(chip, CODE, 0x00);
    present(chip, CODE, 0xfe);
    expect(read(chip, EC, 3)).toBe('000000');
    expect(takesBytes(chip)).toBe(false);
  });

  it('takes its counter bits in any order', () => {
    const { chip } = chipWith({ errorCounter: 0x81 });
    present(chip, CODE, 0x01);
    expect(read(chip, EC, 3)).toBe('FFA1B2');
  });

  it.each<[string, (chip: Sle4428Chip) => void]>([
    ['no counter bit burnt', (chip) => present(chip, CODE, 0xff)],
    ['bytes compared out of order', (chip) => {
      send(chip, 'writeErrorCounter', EC, 0xfe);
      for (const at of [1, 0]) send(chip, 'compareCode', PSC + at, CODE[at]);
      send(chip, 'write', EC, 0xff);
    }],
    ['a byte left out', (chip) => {
      send(chip, 'writeErrorCounter', EC, 0xfe);
      send(chip, 'compareCode', PSC, CODE[0]);
      send(chip, 'write', EC, 0xff);
    }],
    ['another command in between', (chip) => {
      send(chip, 'writeErrorCounter', EC, 0xfe);
      send(chip, 'compareCode', PSC, CODE[0]);
      send(chip, 'read', EC);
      send(chip, 'compareCode', PSC + 1, CODE[1]);
      send(chip, 'write', EC, 0xff);
    }],
    ['the counter not erased at the end', (chip) => {
      send(chip, 'writeErrorCounter', EC, 0xfe);
      for (const at of [0, 1]) send(chip, 'compareCode', PSC + at, CODE[at]);
    }],
    ['the counter erased only in part', (chip) => {
      send(chip, 'writeErrorCounter', EC, 0xfe);
      for (const at of [0, 1]) send(chip, 'compareCode', PSC + at, CODE[at]);
      send(chip, 'write', EC, 0x7f);
    }],
  ])('fails a presentation with %s', (_name, deviate) => {
    const { chip } = chipWith();
    deviate(chip);
    expect(takesBytes(chip)).toBe(false);
    present(chip, CODE, 0xfc);
    expect(read(chip, EC, 3)).toBe('FFA1B2');
  }); // prettier-ignore

  it('protects with 30 only what it is shown to hold, with 31 what it writes, both for ever', () => {
    const { chip } = chipWith();
    present(chip, CODE, 0xfe);
    send(chip, 'protectEqual', 0x100, 0x12);
    expect(chip.isOpen(0x100)).toBe(true);
    send(chip, 'protectEqual', 0x100, 0xff);
    send(chip, 'writeAndProtect', 0x101, 0x34);
    expect(hex(chip.memory.slice(0x100, 0x102))).toBe('FF34');
    for (const control of ['write', 'writeAndProtect'] as const) {
      send(chip, control, 0x100, 0x00);
      send(chip, control, 0x101, 0x00);
    }
    expect(hex(chip.memory.slice(0x100, 0x102))).toBe('FF34');
    expect([0x100, 0x101, 0x102].map((at) => chip.isOpen(at))).toEqual([false, false, true]);
  });

  it('writes and protects nothing before the code', () => {
    const { chip } = chipWith();
    for (const control of ['write', 'writeAndProtect', 'protectEqual'] as const)
      send(chip, control, 0x200, 0xff);
    send(chip, 'write', PSC, 0x00);
    send(chip, 'write', EC, 0x00);
    expect(chip.isOpen(0x200)).toBe(true);
    expect(hex(chip.memory.slice(EC))).toBe('FFA1B2');
  });

  it('takes 203 clocks to change a byte both ways and 103 one way, at 20 kHz', () => {
    const { chip, eeprom } = chipWith();
    present(chip, CODE, 0xfe);
    const clocks = (data: number): number => {
      eeprom.resetUsage();
      chip.resetUsage();
      send(chip, 'write', 0x40, data);
      expect(chip.memory[0x40]).toBe(data);
      return Math.round((eeprom.ms + chip.busMs) * 20) - 25;
    };
    expect(clocks(0x0f)).toBe(103);
    expect(clocks(0xf0)).toBe(203);
    expect(clocks(0xff)).toBe(103);
  });

  it('counts the clocks of its bus', () => {
    const { chip } = chipWith();
    const clocks = (run: () => void): number => {
      chip.resetUsage();
      run();
      return Math.round(chip.busMs * 20);
    };
    expect(clocks(() => chip.reset())).toBe(33);
    expect(clocks(() => read(chip, 0x20, 16))).toBe(25 + 16 * 8);
    expect(clocks(() => chip.command({ control: CONTROL.readWithProtection, address: 0, take: 16 }))).toBe(
      25 + 16 * 9,
    );
    expect(clocks(() => send(chip, 'write', 0x40, 0))).toBe(25 + 3);
  });
});
