import { describe, expect, it } from 'vitest';
import { f2 } from '../../../chip/at88/f2.ts';
import { ACCESS, CONFIG, DEVICE, DEVICE_DEFAULT, HALF_CYCLE_MS } from '../../../chip/at88sc153/constants.ts';
import { triesOf } from '../../../chip/at88sc153/counters.ts';
import { countBits } from '../../../bytes/bits.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { standInChecksum } from './authentication.ts';
import { plainConfig } from './card.ts';
import { At88sc153Chip } from './chip.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase();

const PASSWORDS = ['A0A1A2', '454545', 'B0B1B2', 'C0C1C2'].map((code, key) => ({ key, code: bytes(code) }));

interface Setup {
  readonly access?: number;
  readonly device?: number;
  readonly fuses?: number;
}

function chipWith({ access = 0xff, device = DEVICE_DEFAULT, fuses = 0x00 }: Setup = {}) {
  const config = plainConfig(PASSWORDS);
  config[CONFIG.accessRegisters] = access;
  config[CONFIG.deviceConfiguration] = device;
  config.set(bytes('01020304050607'), CONFIG.cryptogram);
  config.set(bytes('FFFDFDFDFDFDFDFD'), CONFIG.seed);
  const user = Uint8Array.from({ length: 64 }, (_, i) => i);
  const eeprom = new Eeprom({ halfMs: HALF_CYCLE_MS, random: seededRandom(1) });
  const chip = new At88sc153Chip({ eeprom, zones: [user, user, user, config], fuses });
  return { chip, eeprom, zone: (n: number) => chip.zones[n] ?? new Uint8Array() };
}

/** START, bytes, STOP. */
function send(chip: At88sc153Chip, data: string): boolean {
  chip.start();
  const taken = [...bytes(data)].every((byte) => chip.send(byte));
  chip.stop();
  return taken;
}

/** START, command and address, `length` bytes back, STOP. */
function give(chip: At88sc153Chip, command: string, length: number): string {
  chip.start();
  for (const byte of bytes(command)) chip.send(byte);
  const data = Uint8Array.from({ length }, () => chip.receive());
  chip.stop();
  return hex(data);
}

function verify(chip: At88sc153Chip, command: string): void {
  send(chip, command);
  send(chip, command);
}

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
    expect(clocks(() => give(chip, 'B100', 8))).toBe(1 + 9 * 10 + 1);
    expect(clocks(() => send(chip, 'B00000'))).toBe(1 + 9 * 3 + 1);
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
    for (let pass = 0; pass < 2; pass++) {
      chip.start();
      for (const byte of bytes('B3A0A1A2')) chip.send(byte);
    }
    chip.stop();
    expect(give(chip, 'BD30', 1)).toBe('EE');
    send(chip, 'B010AA');
    expect(zone(0)[0x10]).toBe(0x10);
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

const Q0 = '0102030405060708';

/** With the chip's own values, as a host that knows the seed. Gives Q2. */
function authenticate(chip: At88sc153Chip, damage = 0): Uint8Array {
  const ci = bytes(`FF${give(chip, 'BD21', 7)}`);
  const { q1, q2 } = f2({ ci, gc: bytes('FFFDFDFDFDFDFDFD'), q0: bytes(Q0) });
  q1[0] = (q1[0] ?? 0) ^ damage;
  send(chip, `B2${Q0}`);
  send(chip, `B6${hex(q1)}`);
  return q2;
}

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
    const expected = standInChecksum({ ci, gc: bytes('FFFDFDFDFDFDFDFD'), q0: bytes(Q0) }, bytes('AABB'));
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
