import { describe, expect, it } from 'vitest';
import { DEVICE, DEVICE_DEFAULT } from '../../../chip/at88sc153/constants.ts';
import { chipWith, give, hex, send, verify } from './chip-rig.ts';

describe('the configuration and fuses of an AT88SC153', () => {
  it('takes the fuses 01, 02, 04 in that order, after the secure code', () => {
    const { chip } = chipWith({ fuses: 0x07 });
    send(chip, 'BA01');
    expect(give(chip, 'BE', 1)).toBe('07');
    verify(chip, 'B7454545');
    send(chip, 'BA02');
    expect(give(chip, 'BE', 1)).toBe('07');
    for (const [fuse, left] of [
      ['01', '06'],
      ['02', '04'],
      ['04', '00'],
      ['04', '00'],
    ] as const) {
      send(chip, `BA${fuse}`);
      expect(give(chip, 'BE', 1)).toBe(left);
    }
  });

  it('opens to the secure code until the fuses lock it, and hides seed and passwords afterwards', () => {
    const open = chipWith({ fuses: 0x06 });
    expect(give(open.chip, 'BD28', 1)).toBe('00');
    verify(open.chip, 'B7454545');
    expect(give(open.chip, 'BD28', 1)).toBe('FF');
    send(open.chip, 'BC0055');
    send(open.chip, 'BC0C55');
    send(open.chip, 'BC1077');
    expect(give(open.chip, 'BD00', 1)).toBe('2C');
    expect(give(open.chip, 'BD0C', 1)).toBe('55');
    expect(give(open.chip, 'BD10', 1)).toBe('77');
    const closed = chipWith();
    verify(closed.chip, 'B7454545');
    send(closed.chip, 'BC1077');
    expect(give(closed.chip, 'BD10', 1)).toBe('FF');
    expect(give(closed.chip, 'BD28', 8)).toBe('0000000000000000');
    expect(give(closed.chip, 'BD30', 16)).toBe('FF000000FF000000FF454545FFC0C1C2');
  });

  it('lets a write password change both of its set, and in supervisor mode Write 1 everything', () => {
    const { chip, zone } = chipWith();
    verify(chip, 'B3A0A1A2');
    send(chip, 'BC31111213');
    send(chip, 'BC35212223');
    send(chip, 'BC39313233');
    send(chip, 'BC3400');
    expect(hex(zone(3).subarray(0x30))).toBe('FF111213FF212223FF454545FFC0C1C2');
    const master = chipWith({ device: DEVICE_DEFAULT & ~DEVICE.supervisor });
    send(master.chip, 'B3000000');
    verify(master.chip, 'B7454545');
    expect(give(master.chip, 'BD30', 8)).toBe('EEA0A1A2FFB0B1B2');
    send(master.chip, 'BC30FF');
    expect(give(master.chip, 'BD30', 1)).toBe('FF');
  });
});
