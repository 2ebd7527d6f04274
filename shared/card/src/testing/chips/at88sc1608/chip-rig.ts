import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { encodeAccess } from '../../../chip/at88sc1608/access.ts';
import type { AccessRights } from '../../../chip/at88sc1608/access.ts';
import { CONFIG, counterAddress, WRITE_CYCLE_MS } from '../../../chip/at88sc1608/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { blankAt88Sc1608Config } from './card.ts';
import { At88Sc1608Chip } from './chip.ts';
import type { At88Sc1608ChipInit } from './chip.ts';
import { f2 } from '../../../chip/at88/f2.ts';

const OPEN: AccessRights = {
  ...{ writePassword: false, readPassword: false, authentication: false },
  ...{ set: 7, modifyForbidden: false, programOnly: false },
};
/** Password of index 0000rppp in the rig. */
export const password = (index: number): string => `A0B0${hex(Uint8Array.of(index))}`;
export const CI = 'FB30E7F9B3F96819';
export const GC = 'FFFDFDFDFDFDFDFD';

interface Setup extends Partial<Omit<At88Sc1608ChipInit, 'eeprom' | 'user' | 'config'>> {
  readonly access?: Partial<AccessRights>;
}

/** All fuses blown and zones open unless said otherwise; zone n holds n everywhere. */
export function chipWith({ access = {}, ...init }: Setup = {}) {
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
export function send(chip: At88Sc1608Chip, data: string): boolean {
  const frame = bytes(data);
  const { acknowledged } = chip.transfer(frame);
  chip.wait(WRITE_CYCLE_MS);
  return acknowledged === frame.length;
}

/** `length` bytes from the chip after a command. */
export const give = (chip: At88Sc1608Chip, command: string, length: number): string =>
  hex(chip.transfer(bytes(command), length).data);

export const verify = (chip: At88Sc1608Chip, index: number, code = password(index)): string => {
  send(chip, `B3${hex(Uint8Array.of(index))}${code}`);
  return give(chip, `B5${hex(Uint8Array.of(counterAddress(index)))}`, 1);
};

export const Q0 = '0102030405060708';

/** Init with Q0, verify with Q1. */
export function authenticate(chip: At88Sc1608Chip, gc = GC): { q2: string } {
  const { q1, q2 } = f2({ ci: bytes(give(chip, 'B528', 8)), gc: bytes(gc), q0: bytes(Q0) });
  send(chip, `B6${Q0}`);
  send(chip, `B7${hex(q1)}`);
  return { q2: hex(q2) };
}
