import { describe, expect, it } from 'vitest';
import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { f2 } from '../../../chip/at88/f2.ts';
import { encodeAccess, type AccessRights } from '../../../chip/at88sc1608/access.ts';
import {
  CONFIG,
  counterAddress,
  FUSE,
  FUSES_INTACT,
  WRITE_CYCLE_MS,
} from '../../../chip/at88sc1608/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { blankAt88Sc1608Config } from './card.ts';
import { At88Sc1608Chip, type At88Sc1608ChipInit } from './chip.ts';

const OPEN: AccessRights = {
  ...{ writePassword: false, readPassword: false, authentication: false },
  ...{ set: 7, modifyForbidden: false, programOnly: false },
};
/** Password of index 0000rppp in the rig. */
const password = (index: number): string => `A0B0${hex(Uint8Array.of(index))}`;
const CI = 'FB30E7F9B3F96819';
const GC = 'FFFDFDFDFDFDFDFD';

interface Setup extends Partial<Omit<At88Sc1608ChipInit, 'eeprom' | 'user' | 'config'>> {
  readonly access?: Partial<AccessRights>;
}

/** All fuses blown and zones open unless said otherwise; zone n holds n everywhere. */
function chipWith({ access = {}, ...init }: Setup = {}) {
  const config = blankAt88Sc1608Config();
  config.fill(encodeAccess({ ...OPEN, ...access }), CONFIG.accessRegisters.at, CONFIG.identification.at);
  config.set(bytes(CI), CONFIG.cryptogram.at);
  config.set(bytes(GC), CONFIG.secretSeed.at);
  for (let index = 0; index < 16; index++) config.set(bytes(password(index)), counterAddress(index) + 1);
  const eeprom = new Eeprom({ halfMs: WRITE_CYCLE_MS / 2, random: seededRandom(1) });
  const user = Array.from({ length: 8 }, (_, zone) => new Uint8Array(256).fill(zone));
  return { chip: new At88Sc1608Chip({ eeprom, user, config, fuses: 0, ...init }), eeprom };
}

/** A transfer, and time for what it began; true where all of it was acknowledged. */
function send(chip: At88Sc1608Chip, data: string): boolean {
  const frame = bytes(data);
  const { acknowledged } = chip.transfer(frame);
  chip.wait(WRITE_CYCLE_MS);
  return acknowledged === frame.length;
}

/** `length` bytes from the chip after a command. */
const give = (chip: At88Sc1608Chip, command: string, length: number): string =>
  hex(chip.transfer(bytes(command), length).data);

const verify = (chip: At88Sc1608Chip, index: number, code = password(index)): string => {
  send(chip, `B3${hex(Uint8Array.of(index))}${code}`);
  return give(chip, `B5${hex(Uint8Array.of(counterAddress(index)))}`, 1);
};

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

const Q0 = '0102030405060708';

/** Init with Q0, verify with Q1. */
function authenticate(chip: At88Sc1608Chip, gc = GC): { q2: string } {
  const { q1, q2 } = f2({ ci: bytes(give(chip, 'B528', 8)), gc: bytes(gc), q0: bytes(Q0) });
  send(chip, `B6${Q0}`);
  send(chip, `B7${hex(q1)}`);
  return { q2: hex(q2) };
}

describe('its authentication (published vector)', () => {
  const counter = (chip: At88Sc1608Chip): string => give(chip, 'B520', 1);
  const opens = (chip: At88Sc1608Chip): boolean => {
    send(chip, 'B201');
    return give(chip, 'B110', 1) === '01';
  };

  it('burns an attempt with B6; B7 with 5A55340A11A75C61 stores 51032FA8836DC818 and fills the counter', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    send(chip, `B6${Q0}`);
    expect(counter(chip)).toBe('FE');
    expect(opens(chip)).toBe(false);
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FF');
    expect(give(chip, 'B528', 8)).toBe('51032FA8836DC818');
    expect(opens(chip)).toBe(true);
  });

  it('lasts until RST, power-off or another initialization', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    authenticate(chip);
    send(chip, `B6${Q0}`);
    expect(opens(chip)).toBe(false);
    authenticate(chip);
    expect(opens(chip)).toBe(true);
    chip.reset();
    expect(opens(chip)).toBe(false);
  });

  it('needs another Q1 each time, since Ci changed', () => {
    const { chip } = chipWith();
    authenticate(chip);
    send(chip, `B6${Q0}`);
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FE');
  });

  it('gives one answer to one initialization', () => {
    const { chip } = chipWith();
    send(chip, `B6${Q0}`);
    send(chip, 'B70000000000000000');
    send(chip, 'B75A55340A11A75C61');
    expect(counter(chip)).toBe('FE');
    expect(give(chip, 'B528', 8)).toBe(CI);
  });

  it('is locked for ever after eight failures', () => {
    const { chip } = chipWith({ access: { authentication: true } });
    for (let i = 0; i < 8; i++) authenticate(chip, '1122334455667788');
    expect(counter(chip)).toBe('00');
    authenticate(chip);
    expect(counter(chip)).toBe('00');
    expect(opens(chip)).toBe(false);
  });
});

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
