import { CONTROL, ERROR_COUNTER_FULL } from '../../../chip/sle4442/constants.ts';
import type { Sle4442Chip } from './chip.ts';

/**
 * A reader's presentation of a code, in the data sheet's order: read the counter, lower one bit, compare three bytes,
 * erase the counter, read it again. Gives the counter afterwards: 07 is success. Nothing is sent to a locked card.
 */
export function presentSle4442(chip: Sle4442Chip, code: Uint8Array): number {
  const counter = readCounter(chip);
  if (counter === 0) return 0;
  const burnt = counter & (counter - 1);
  chip.command({ control: CONTROL.updateSecurity, address: 0, data: burnt });
  code.forEach((byte, i) => chip.command({ control: CONTROL.compareCode, address: i + 1, data: byte }));
  chip.command({ control: CONTROL.updateSecurity, address: 0, data: 0xff });
  return readCounter(chip);
}

function readCounter(chip: Sle4442Chip): number {
  const [counter = 0] = chip.command({ control: CONTROL.readSecurity, address: 0, data: 0 });
  return counter & ERROR_COUNTER_FULL;
}
