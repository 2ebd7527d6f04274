import { describe, expect, it } from 'vitest';
import { ACCESS, DEVICE, DEVICE_DEFAULT, WRITE_CYCLE_MS } from '../../../chip/at88sc153/constants.ts';
import { triesOf } from '../../../chip/at88sc153/counters.ts';
import { countBits } from '../../../bytes/bits.ts';
import { bytes, chipWith, give, hex, send, verify } from './chip-rig.ts';

describe('the AT88SC153 chip (Atmel 1016D)', () => {
  it('answers a reset with 2C AA 55 A1', () => {
    expect(hex(chipWith().chip.reset())).toBe('2CAA55A1');
  });

  it('reads and writes its zones by the two bits xx of the command', () => {
    const { chip, zone } = chipWith();
    send(chip, 'B010AA');
    send(chip, 'B411BB');
    send(chip, 'B812CC');
    expect([zone(0)[0x10], zone(1)[0x11], zone(2)[0x12]]).toEqual([0xaa, 0xbb, 0xcc]);
    expect(give(chip, 'B10F', 2)).toBe('0FAA');
    expect(give(chip, 'B511', 1)).toBe('BB');
    expect(give(chip, 'B912', 1)).toBe('CC');
    expect(give(chip, 'BD00', 4)).toBe('2CAA55A1');
    expect(give(chip, 'B13F', 2)).toBe('3F00');
  });

  it('acknowledges its own chip select only', () => {
    const { chip } = chipWith({ device: 0xf5 });
    expect(send(chip, 'B1')).toBe(false);
    expect(give(chip, '5100', 2)).toBe('0001');
  });

  it('rolls over within a page of eight, in one write cycle', () => {
    const { chip, eeprom, zone } = chipWith();
    send(chip, 'B006F6F7F0F1');
    expect(hex(zone(0).subarray(0, 10))).toBe('F0F102030405F6F70809');
    expect([eeprom.cycles, eeprom.ms]).toEqual([1, 10]);
  });

  it('counts the clocks of its bus', () => {
    const { chip } = chipWith();
    const clocks = (run: () => void): number => {
      chip.resetUsage();
      run();
      return Math.round(chip.busMs * 1000);
    };
    expect(clocks(() => chip.reset())).toBe(33);
    expect(clocks(() => give(chip, 'B100', 8))).toBe(2 + 9 * 10);
    expect(clocks(() => send(chip, 'B00000'))).toBe(2 + 9 * 3);
  });
});

describe('the two-pass verification of an AT88SC153 (data sheet p. 9 and 12)', () => {
  it('burns a try in the first pass, whatever it brings, and compares in the second', () => {
    const { chip, zone } = chipWith({ access: 0xff & ~ACCESS.writePassword & ~ACCESS.passwordSet });
    send(chip, 'B3000000');
    expect(give(chip, 'BD30', 1)).toBe('EE');
    send(chip, 'B3A0A1A2');
    expect(give(chip, 'BD30', 1)).toBe('FF');
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0xaa);
    chip.reset();
    send(chip, 'B01055');
    expect(zone(0)[0x10]).toBe(0xaa);
  });

  it('gives nothing to a single pass', () => {
    const { chip, zone } = chipWith({ access: 0x77 });
    send(chip, 'B3A0A1A2');
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0x10);
    // The write has ended the sequence: what comes now is a first pass again.
    send(chip, 'B3A0A1A2');
    expect(give(chip, 'BD30', 1)).toBe('CC');
  });

  it('walks FF → EE → CC → 88 → 00 and is then locked, the right password or not', () => {
    const { chip } = chipWith();
    const seen = [give(chip, 'BD30', 1)];
    for (let i = 0; i < 4; i++) {
      verify(chip, 'B3000000');
      seen.push(give(chip, 'BD30', 1));
    }
    expect(seen).toEqual(['FF', 'EE', 'CC', '88', '00']);
    verify(chip, 'B3A0A1A2');
    expect(give(chip, 'BD30', 1)).toBe('00');
    expect(seen.map((code) => triesOf(bytes(code)[0] ?? 0))).toEqual([4, 3, 2, 1, 0]);
  });

  it('walks FE, FC, F8 … where extended trials are allowed', () => {
    const { chip } = chipWith({ device: DEVICE_DEFAULT & ~DEVICE.extendedTrials });
    const seen: string[] = [];
    for (let i = 0; i < 8; i++) {
      verify(chip, 'B3000000');
      seen.push(give(chip, 'BD30', 1));
    }
    expect(seen).toEqual(['FE', 'FC', 'F8', 'F0', 'E0', 'C0', '80', '00']);
  });

  it('has not eight tries, as the driver AT1608.c finds by counting zero bits', () => {
    const { chip } = chipWith();
    let failures = 0;
    while (give(chip, 'BD30', 1) !== '00') {
      verify(chip, 'B3000000');
      failures++;
    }
    expect(failures).toBe(4);
    // After one failure that driver believes in six tries more.
    expect([triesOf(0xee), 8 - countBits(0xff & ~0xee)]).toEqual([3, 6]);
  });

  it('fails for a driver that sends both commands without STOP (R:sqf-ice/Mygit at88sc153.c)', () => {
    const { chip, zone } = chipWith({ access: 0x77 });
    chip.restarted([bytes('B3A0A1A2'), bytes('B3A0A1A2')]);
    chip.wait(WRITE_CYCLE_MS);
    expect(give(chip, 'BD30', 1)).toBe('EE');
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0x10);
  });

  it('fails for a driver that does not wait: a chip at work hears nothing', () => {
    const { chip } = chipWith();
    for (let pass = 0; pass < 2; pass++)
      expect(chip.transfer(bytes('B3A0A1A2')).acknowledged).toBe(pass === 0 ? 4 : 0);
    chip.wait(WRITE_CYCLE_MS);
    expect(give(chip, 'BD30', 1)).toBe('EE');
  });

  it('fails where the second pass is of another password', () => {
    const { chip } = chipWith();
    send(chip, 'B3A0A1A2');
    send(chip, 'B7454545');
    expect(give(chip, 'BD30', 1)).toBe('EE');
    expect(give(chip, 'BD38', 1)).toBe('EE');
  });

  it('keeps the counters at 30 Write 0, 34 Read 0, 38 Write 1, 3C Read 1: not the order of the commands', () => {
    for (const [command, changed] of [
      ['B3', 0x30],
      ['B7', 0x38],
      ['BB', 0x34],
      ['BF', 0x3c],
    ] as const) {
      const { chip } = chipWith();
      send(chip, `${command}000000`);
      for (const pac of [0x30, 0x34, 0x38, 0x3c]) {
        expect(give(chip, `BD${pac.toString(16)}`, 1)).toBe(pac === changed ? 'EE' : 'FF');
      }
    }
  });

  it('knows one password at a time', () => {
    const { chip, zone } = chipWith({ access: 0x77 });
    verify(chip, 'B3A0A1A2');
    verify(chip, 'BFC0C1C2');
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0x10);
  });
});
