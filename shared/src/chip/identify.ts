import type { CardSession } from '../reader/slot.ts';
import type { ChipDriver, ChipFamily, MemoryReader } from './contract.ts';
import { cpuFamily } from './cpu/driver.ts';
import { ChipError } from './error.ts';
import { sle4442Family } from './sle4442/driver.ts';

/** Every chip that can be driven; a new one is a folder and a line here. */
export const CHIP_FAMILIES: readonly ChipFamily[] = [sle4442Family, cpuFamily];

/**
 * Finds the chip by its answer to reset alone, which costs no try of any code, and opens its driver.
 * `chip.unknown` for a card of none of the families, `chip.ambiguous` where two could claim it.
 */
export async function identifyChip(
  session: CardSession,
  reader: MemoryReader,
  families: readonly ChipFamily[] = CHIP_FAMILIES,
): Promise<ChipDriver> {
  const matching = families.filter((family) => family.matches(session.atr));
  const [family, second] = matching;
  if (family === undefined) {
    throw new ChipError({
      code: 'chip.unknown',
      message: 'This is not an electricity card that can be read here. Please put in the electricity card.',
    });
  }
  if (second !== undefined) {
    throw new ChipError({
      code: 'chip.ambiguous',
      message: 'This card could be of several kinds and is left alone. Please ask the staff.',
      context: { chips: matching.map(({ chip }) => chip).join(' ') },
    });
  }
  return family.open(session, reader);
}
