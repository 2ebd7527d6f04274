import {
  CONTROL,
  ERROR_COUNTER_ADDRESS,
  ERROR_COUNTER_FULL,
  PSC_ADDRESS,
} from '../../../chip/sle4428/constants.ts';
import type { Sle4428Chip } from './chip.ts';

/**
 * A reader's presentation of a code, in the one order that works: read the counter, lower one bit, compare both bytes,
 * erase the counter, read it again. Gives the counter afterwards: FF is success. Nothing is sent to a locked card.
 */
export function presentSle4428(chip: Sle4428Chip, code: Uint8Array): number {
  const counter = readCounter(chip);
  if (counter === 0) return 0;
  const burnt = counter & (counter - 1);
  chip.command({ control: CONTROL.writeErrorCounter, address: ERROR_COUNTER_ADDRESS, data: burnt });
  code.forEach((byte, i) =>
    chip.command({ control: CONTROL.compareCode, address: PSC_ADDRESS + i, data: byte }),
  );
  chip.command({ control: CONTROL.write, address: ERROR_COUNTER_ADDRESS, data: ERROR_COUNTER_FULL });
  return readCounter(chip);
}

function readCounter(chip: Sle4428Chip): number {
  return chip.command({ control: CONTROL.read, address: ERROR_COUNTER_ADDRESS })[0] ?? 0;
}
