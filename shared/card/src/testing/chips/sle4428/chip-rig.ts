import { fromHex as bytes, toHex as hex } from '../../../bytes/hex.ts';
import { CONTROL } from '../../../chip/sle4428/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { blankSle4428Main } from './card.ts';
import { Sle4428Chip } from './chip.ts';
import type { Sle4428ChipInit } from './chip.ts';

export const CODE = bytes('A1B2');
export const [EC, PSC] = [0x3fd, 0x3fe];

export function chipWith(init: Partial<Sle4428ChipInit> = {}): { chip: Sle4428Chip; eeprom: Eeprom } {
  const eeprom = new Eeprom({ halfMs: 5, random: seededRandom(1) });
  return { chip: new Sle4428Chip({ eeprom, main: blankSle4428Main(), code: CODE, ...init }), eeprom };
}

export const send = (
  chip: Sle4428Chip,
  control: keyof typeof CONTROL,
  address: number,
  data = 0,
): Uint8Array => chip.command({ control: CONTROL[control], address, data });
export const read = (chip: Sle4428Chip, address: number, take: number): string =>
  hex(chip.command({ control: CONTROL.read, address, take }));

export function present(chip: Sle4428Chip, code: Uint8Array, burnt: number): void {
  send(chip, 'writeErrorCounter', EC, burnt);
  code.forEach((byte, i) => send(chip, 'compareCode', PSC + i, byte));
  send(chip, 'write', EC, 0xff);
}

export const takesBytes = (chip: Sle4428Chip): boolean => {
  send(chip, 'write', 0x40, 0x5a);
  return chip.memory[0x40] === 0x5a;
};
