import { describe, expect, it } from 'vitest';
import { ACCESS } from '../../../chip/at88sc153/constants.ts';
import { authenticate, chipWith, give, hex, send, verify } from './chip-rig.ts';

describe('the access registers of an AT88SC153', () => {
  const off = (...bits: number[]): number => bits.reduce((register, bit) => register & ~bit, 0xff);

  it('RPE: gives 00 without a password of the set, or the fuses while CMA or PER is whole', () => {
    const access = off(ACCESS.readPassword, ACCESS.passwordSet);
    expect(give(chipWith({ access }).chip, 'B110', 2)).toBe('0000');
    expect(give(chipWith({ access, fuses: 0x06 }).chip, 'B110', 2)).toBe('0606');
    expect(give(chipWith({ access, fuses: 0x04 }).chip, 'B110', 2)).toBe('0404');
    for (const [command, data] of [
      ['BBB0B1B2', '1011'],
      ['B3A0A1A2', '1011'],
      ['BFC0C1C2', '0000'],
    ] as const) {
      const { chip } = chipWith({ access });
      verify(chip, command);
      expect(give(chip, 'B110', 2)).toBe(data);
    }
  });

  it('WPE and PWS: takes bytes under the write password of its set only', () => {
    for (const [access, command, written] of [
      [off(ACCESS.writePassword, ACCESS.passwordSet), 'B3A0A1A2', true],
      [off(ACCESS.writePassword, ACCESS.passwordSet), 'BBB0B1B2', false],
      [off(ACCESS.writePassword, ACCESS.passwordSet), 'B7454545', false],
      [off(ACCESS.writePassword), 'B7454545', true],
    ] as const) {
      const { chip, zone } = chipWith({ access });
      verify(chip, command);
      send(chip, 'B010AA');
      expect(zone(0)[0x10] === 0xaa).toBe(written);
    }
  });

  it('WLM: the first byte of a page locks its bytes, and a write takes one byte', () => {
    const { chip, zone } = chipWith({ access: off(ACCESS.writeLock) });
    send(chip, 'B00807');
    expect(zone(0)[8]).toBe(0x08);
    zone(0)[8] = 0b00000111;
    send(chip, 'B009AABB');
    send(chip, 'B00BCC');
    expect(hex(zone(0).subarray(8, 12))).toBe('07AA0A0B');
  });

  it('MDF: nothing changes; PGO: bits only fall', () => {
    const forbidden = chipWith({ access: off(ACCESS.modifyForbidden) });
    send(forbidden.chip, 'B01000');
    expect(forbidden.zone(0)[0x10]).toBe(0x10);
    const falling = chipWith({ access: off(ACCESS.programOnly) });
    send(falling.chip, 'B01FE7');
    expect(falling.zone(0)[0x1f]).toBe(0x07);
  });

  it('ATE and AOW: want an authentication to read and write, or to write', () => {
    const both = chipWith({ access: off(ACCESS.authentication) });
    expect(give(both.chip, 'B110', 1)).toBe('00');
    const write = chipWith({ access: off(ACCESS.authenticationForWrite) });
    expect(give(write.chip, 'B110', 1)).toBe('10');
    send(write.chip, 'B010AA');
    expect(write.zone(0)[0x10]).toBe(0x10);
    authenticate(write.chip);
    send(write.chip, 'B010AA');
    expect(write.zone(0)[0x10]).toBe(0xaa);
  });
});
