import { describe, expect, it } from 'vitest';
import { ACCESS, DEVICE, DEVICE_DEFAULT } from '../../../chip/at88sc153/constants.ts';
import { standInChecksum } from './authentication.ts';
import { authenticate, bytes, chipWith, GC, give, hex, Q0, send } from './chip-rig.ts';

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
