import { describe, expect, it } from 'vitest';
import { ACCESS, DEVICE, DEVICE_DEFAULT } from '../../../chip/at88sc153/constants.ts';
import { standInChecksum } from './authentication.ts';
import { authenticate, bytes, chipWith, GC, give, hex, Q0, send, verify } from './chip-rig.ts';

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

describe('the authentication of an AT88SC153', () => {
  it('burns a try, and with the right answer stores the next cryptogram and a full counter', () => {
    const { chip } = chipWith();
    send(chip, `B2${Q0}`);
    expect(give(chip, 'BD20', 1)).toBe('EE');
    send(chip, `B6${Q0}`);
    expect(give(chip, 'BD20', 8)).toBe('EE01020304050607');
    const q2 = authenticate(chip);
    expect(give(chip, 'BD20', 8)).toBe(`FF${hex(q2.subarray(1))}`);
  });

  it('locks after four failures; UAT lets it fail for ever', () => {
    const { chip } = chipWith();
    for (let i = 0; i < 4; i++) authenticate(chip, 1);
    authenticate(chip);
    expect(give(chip, 'BD20', 1)).toBe('00');
    const free = chipWith({ device: DEVICE_DEFAULT & ~DEVICE.unlimitedAuthentication });
    for (let i = 0; i < 9; i++) authenticate(free.chip, 1);
    expect(give(free.chip, 'BD20', 1)).toBe('FF');
  });

  it('is revoked by a failed one', () => {
    const { chip, zone } = chipWith({ access: 0xff & ~ACCESS.authenticationForWrite });
    authenticate(chip);
    authenticate(chip, 1);
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0x10);
  });

  it('gives one checksum at $20 after a write, and none after another read (data sheet p. 8)', () => {
    const { chip } = chipWith();
    const ci = bytes('FF01020304050607');
    authenticate(chip);
    send(chip, 'B010AABB');
    const expected = standInChecksum({ ci, gc: bytes(GC), q0: bytes(Q0) }, bytes('AABB'));
    expect(give(chip, 'BD20', 8)).toBe(hex(expected));
    expect(give(chip, 'BD20', 1)).toBe('FF');
    authenticate(chip);
    send(chip, 'B010AABB');
    give(chip, 'B110', 1);
    expect(give(chip, 'BD20', 1)).toBe('FF');
  });

  it('gives it again and again with UCR', () => {
    const { chip } = chipWith({ device: DEVICE_DEFAULT & ~DEVICE.unlimitedChecksums });
    authenticate(chip);
    send(chip, 'B010AABB');
    const first = give(chip, 'BD20', 8);
    give(chip, 'B110', 1);
    expect(give(chip, 'BD20', 8)).toBe(first);
  });
});

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
