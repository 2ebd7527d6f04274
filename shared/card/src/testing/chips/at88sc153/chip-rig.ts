import { f2 } from '../../../chip/at88/f2.ts';
import { CONFIG, DEVICE_DEFAULT, WRITE_CYCLE_MS } from '../../../chip/at88sc153/constants.ts';
import { fromHex, toHex } from '../../../bytes/hex.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { plainConfig } from './card.ts';
import { At88sc153Chip } from './chip.ts';

export const bytes = fromHex;
export const hex = toHex;
/** The seed of the rig's chips. */
export const GC = 'FFFDFDFDFDFDFDFD';

const PASSWORDS = ['A0A1A2', '454545', 'B0B1B2', 'C0C1C2'].map((code, key) => ({ key, code: bytes(code) }));

export interface ChipSetup {
  readonly access?: number;
  readonly device?: number;
  readonly fuses?: number;
}

/** A chip with all fuses blown and open zones unless said otherwise; `user0` to `user2` hold 00 to 3F. */
export function chipWith({ access = 0xff, device = DEVICE_DEFAULT, fuses = 0x00 }: ChipSetup = {}) {
  const config = plainConfig(PASSWORDS);
  config[CONFIG.accessRegisters] = access;
  config[CONFIG.deviceConfiguration] = device;
  config.set(bytes('01020304050607'), CONFIG.aac + 1);
  config.set(bytes(GC), CONFIG.seed);
  const user = Uint8Array.from({ length: 64 }, (_, i) => i);
  const eeprom = new Eeprom({ halfMs: WRITE_CYCLE_MS / 2, random: seededRandom(1) });
  const chip = new At88sc153Chip({ eeprom, zones: [user, user, user, config], fuses });
  return { chip, eeprom, zone: (n: number) => chip.zones[n] ?? new Uint8Array() };
}

/** A transfer, and time for what it began; true where all of it was acknowledged. */
export function send(chip: At88sc153Chip, data: string): boolean {
  const frame = bytes(data);
  const { acknowledged } = chip.transfer(frame);
  chip.wait(WRITE_CYCLE_MS);
  return acknowledged === frame.length;
}

/** `length` bytes from the chip after a command. */
export function give(chip: At88sc153Chip, command: string, length: number): string {
  return hex(chip.transfer(bytes(command), length).data);
}

/** Both passes of a verification. */
export function verify(chip: At88sc153Chip, command: string): void {
  send(chip, command);
  send(chip, command);
}

export const Q0 = '0102030405060708';

/** As a host that knows the seed; `damage` spoils its answer. Gives Q2. */
export function authenticate(chip: At88sc153Chip, damage = 0): Uint8Array {
  const ci = bytes(give(chip, 'BD20', 8));
  const { q1, q2 } = f2({ ci, gc: bytes(GC), q0: bytes(Q0) });
  q1[0] = (q1[0] ?? 0) ^ damage;
  send(chip, `B2${Q0}`);
  send(chip, `B6${hex(q1)}`);
  return q2;
}
