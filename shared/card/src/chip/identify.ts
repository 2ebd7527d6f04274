import type { CardSession } from '../reader/slot.ts';
import { at88sc153Family } from './at88sc153/driver.ts';
import { at88sc1608Family } from './at88sc1608/driver.ts';
import { bitSerialFamilies } from './bit-serial/families.ts';
import type { ChipDriver, ChipFamily, MemoryReader } from './contract.ts';
import { cpuFamily } from './cpu/family.ts';
import { ChipError } from './error.ts';
import { isAnyMemoryAtr } from './response.ts';
import { sle4428Family } from './sle4428/driver.ts';
import { sle4442Family } from './sle4442/driver.ts';

/** Every chip that can be driven; a new one is a folder and a line here. */
export const CHIP_FAMILIES: readonly ChipFamily[] = [
  sle4442Family,
  sle4428Family,
  cpuFamily,
  at88sc1608Family,
  at88sc153Family,
  ...bitSerialFamilies(),
];

/**
 * Finds the chip by its answer to reset, or where that says nothing by probes that read a fixed pattern; neither
 * costs a try of any code. Opens its driver. `chip.unknown` for a card of none of the families, `chip.ambiguous`
 * where two could claim it.
 */
export async function identifyChip(
  session: CardSession,
  reader: MemoryReader,
  families: readonly ChipFamily[] = CHIP_FAMILIES,
): Promise<ChipDriver> {
  const byAtr = families.filter((family) => family.matches(session.atr));
  const matching = byAtr.length > 0 ? byAtr : await probed(session, reader, families);
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

/** Only readers that drive memory cards are asked, and only of cards that do not answer as a CPU card does. */
async function probed(
  session: CardSession,
  reader: MemoryReader,
  families: readonly ChipFamily[],
): Promise<ChipFamily[]> {
  if (reader.memoryDialect === undefined || !isAnyMemoryAtr(session.atr)) return [];
  const found: ChipFamily[] = [];
  for (const family of families) {
    if ((await family.probe?.(session, reader)) === true) found.push(family);
  }
  return found;
}
