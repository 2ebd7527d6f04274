import { describe, expect, it } from 'vitest';
import { toHex as hex } from '../../../bytes/hex.ts';
import type { AccessRights } from '../../../chip/at88sc1608/access.ts';
import type { At88Sc1608Chip } from './chip.ts';
import { password, chipWith, send, give, verify, authenticate } from './chip-rig.ts';

describe('its passwords', () => {
  it('keep their counters at 40 + 8·set, Read passwords four bytes on', () => {
    const { chip } = chipWith();
    for (let index = 0; index < 16; index++) {
      verify(chip, index, '000000');
      expect(chip.config[0x40 + 8 * (index & 7) + (index >= 8 ? 4 : 0)], String(index)).toBe(0xfe);
    }
  });

  it('have eight tries, a bit each, and are then locked, the right one or not', () => {
    const { chip } = chipWith();
    const seen = Array.from({ length: 8 }, () => verify(chip, 2, '000000'));
    expect(seen.join(' ')).toBe('FE FC F8 F0 E0 C0 80 00');
    expect(verify(chip, 2)).toBe('00');
  });

  it('come back to FF with the right one, seven times wrong or not', () => {
    const { chip } = chipWith();
    for (let i = 0; i < 7; i++) verify(chip, 2, '000000');
    expect(verify(chip, 2)).toBe('FF');
  });

  it('burn the try first: a card pulled out after that has lost one, and the right one brings it back', () => {
    const { chip, eeprom } = chipWith();
    eeprom.cutHook = ({ half }) => half === 'erase';
    expect(() => verify(chip, 0)).toThrow('power was cut');
    eeprom.cutHook = undefined;
    chip.reset();
    expect(['FE', 'FF']).toContain(give(chip, 'B540', 1));
    expect(verify(chip, 0)).toBe('FF');
  });

  it('are looked at whole only', () => {
    const { chip } = chipWith();
    send(chip, `B300${password(0).slice(0, 4)}`);
    send(chip, `B300${password(0)}00`);
    expect(give(chip, 'B540', 1)).toBe('FF');
    expect(hex(chip.config.slice(0x40, 0x44))).toBe(`FF${password(0)}`);
  });

  it('are active one at a time, unless the chip is told otherwise: unconfirmed', () => {
    for (const oneActivePassword of [true, false]) {
      const { chip } = chipWith({ access: { writePassword: true, set: 1 }, oneActivePassword });
      verify(chip, 1);
      verify(chip, 4);
      send(chip, 'B200');
      send(chip, 'B01055');
      expect(chip.user[0]?.[0x10]).toBe(oneActivePassword ? 0x00 : 0x55);
    }
  });
});

describe('its access registers (layout unconfirmed)', () => {
  /** Whether zone 2 can be read and written. */
  const tried = (chip: At88Sc1608Chip): string => {
    send(chip, 'B202');
    const reads = give(chip, 'B120', 1) === '02';
    send(chip, 'B030FE');
    const writes = chip.user[2]?.[0x30] === 0xfe;
    return `${reads ? 'r' : '-'}${writes ? 'w' : '-'}`;
  };

  it.each<[string, Partial<AccessRights>, (chip: At88Sc1608Chip) => void, string]>([
    ['nothing asked', {}, () => undefined, 'rw'],
    ['WPE, no password', { writePassword: true, set: 3 }, () => undefined, 'r-'],
    ['WPE, Write password', { writePassword: true, set: 3 }, (chip) => verify(chip, 3), 'rw'],
    ['WPE, Read password', { writePassword: true, set: 3 }, (chip) => verify(chip, 11), 'r-'],
    ['WPE, another set', { writePassword: true, set: 3 }, (chip) => verify(chip, 4), 'r-'],
    ['RPE, no password', { readPassword: true, writePassword: true, set: 3 }, () => undefined, '--'],
    ['RPE, Read password', { readPassword: true, writePassword: true, set: 3 }, (chip) => verify(chip, 11), 'r-'],
    ['RPE, Write password', { readPassword: true, writePassword: true, set: 3 }, (chip) => verify(chip, 3), 'rw'],
    ['RPE, wrong password', { readPassword: true, writePassword: true, set: 3 }, (chip) => verify(chip, 3, '000000'), '--'],
    ['ATE, none', { authentication: true }, () => undefined, '--'],
    ['ATE, done', { authentication: true }, (chip) => authenticate(chip), 'rw'],
    ['MDF', { modifyForbidden: true }, (chip) => verify(chip, 7), 'r-'],
  ])('%s', (_name, access, before, expected) => {
    const { chip } = chipWith({ access });
    before(chip);
    expect(tried(chip)).toBe(expected);
  }); // prettier-ignore

  it('PGO lets bits fall and none rise, in one cycle', () => {
    const { chip, eeprom } = chipWith({ access: { programOnly: true } });
    send(chip, 'B207');
    send(chip, 'B010F1F2F4F8');
    expect(give(chip, 'B110', 4)).toBe('01020400');
    expect(eeprom.cycles).toBe(1);
  });
});
