import { describe, expect, it } from 'vitest';
import { toHex as hex } from '../../../bytes/hex.ts';
import { FUSE, FUSES_INTACT } from '../../../chip/at88sc1608/constants.ts';
import { password, GC, chipWith, send, give, verify } from './chip-rig.ts';

describe('its configuration and fuses', () => {
  it('blows FAB, CMA, PER in that order with B4 80 and no data, after the secure code only', () => {
    const { chip } = chipWith({ fuses: FUSES_INTACT });
    send(chip, 'B480');
    expect(give(chip, 'B580', 1)).toBe('07');
    verify(chip, 0);
    send(chip, 'B480');
    expect(give(chip, 'B580', 1)).toBe('07');
    verify(chip, 7);
    send(chip, 'B48000');
    expect(give(chip, 'B580', 1)).toBe('07');
    for (const left of ['06', '04', '00', '00']) {
      send(chip, 'B480');
      expect(give(chip, 'B580', 1)).toBe(left);
    }
  });

  it('opens with the secure code while PER is intact, and never again after that', () => {
    const { chip } = chipWith({ fuses: FUSE.per });
    send(chip, 'B410AA');
    expect(chip.config[0x10]).not.toBe(0xaa);
    verify(chip, 7);
    send(chip, 'B410AA');
    expect(chip.config[0x10]).toBe(0xaa);
    expect(give(chip, 'B530', 8)).toBe(GC);
    send(chip, 'B480');
    send(chip, 'B41055');
    expect(chip.config[0x10]).toBe(0xaa);
    expect(give(chip, 'B530', 8)).toBe('00'.repeat(8));
  });

  it('never takes an answer to reset, nor a code whose fuse is blown', () => {
    const { chip } = chipWith({ fuses: FUSE.per | FUSE.cma });
    verify(chip, 7);
    for (const address of ['00', '04', '08']) send(chip, `B4${address}11`);
    send(chip, 'B40C22');
    expect(hex(chip.config.slice(0, 0x0d))).toBe('2CAA55A0FFFFFFFFFFFFFFFF22');
  });

  it('shows and takes passwords after the Write password of their set, and no others', () => {
    const { chip } = chipWith();
    expect(give(chip, 'B550', 8)).toBe('FF000000FF000000');
    verify(chip, 2);
    expect(give(chip, 'B550', 8)).toBe(`FF${password(2)}FF${password(10)}`);
    expect(give(chip, 'B558', 8)).toBe('FF000000FF000000');
    send(chip, 'B455010203');
    send(chip, 'B45D010203');
    expect(verify(chip, 10, '010203')).toBe('FF');
    expect(verify(chip, 11)).toBe('FF');
    expect(give(chip, 'B550', 8)).toBe('FF000000FF000000');
  });

  it('refuses a write whole where one byte of it is not open', () => {
    const { chip } = chipWith();
    verify(chip, 2);
    send(chip, 'B45D01020304');
    send(chip, 'B456010203040506');
    expect(hex(chip.config.slice(0x50, 0x60))).toBe(
      `FF${password(2)}FF${password(10)}FF${password(3)}FF${password(11)}`,
    );
  });
});
