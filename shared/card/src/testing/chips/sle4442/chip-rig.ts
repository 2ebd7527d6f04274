import { fromHex as bytes } from '../../../bytes/hex.ts';
import { CONTROL } from '../../../chip/sle4442/constants.ts';
import { Eeprom } from '../../eeprom.ts';
import { seededRandom } from '../../random.ts';
import { Sle4442Chip } from './chip.ts';
import type { Sle4442ChipInit } from './chip.ts';
import { blankSle4442Main } from './card.ts';

export const CODE = bytes('A1B2C3');

export function chipWith(init: Partial<Sle4442ChipInit> = {}): { chip: Sle4442Chip; eeprom: Eeprom } {
  const eeprom = new Eeprom({ halfMs: 2.5, random: seededRandom(1) });
  return { chip: new Sle4442Chip({ eeprom, main: blankSle4442Main(), code: CODE, ...init }), eeprom };
}

export const send = (chip: Sle4442Chip, control: keyof typeof CONTROL, address = 0, data = 0): Uint8Array =>
  chip.command({ control: CONTROL[control], address, data });

export function present(chip: Sle4442Chip, code: Uint8Array, burnt = 0x06): void {
  send(chip, 'updateSecurity', 0, burnt);
  code.forEach((byte, i) => send(chip, 'compareCode', i + 1, byte));
  send(chip, 'updateSecurity', 0, 0xff);
}
