import type { ChipDriver, MemoryReader } from '../chip/contract.ts';
import type { CardLayout } from '../meter-card/layout.ts';
import { recogniserOf } from '../meter-card/recognise.ts';
import type { CardSession } from '../reader/slot.ts';

const READER: MemoryReader = { memoryDialect: 'acs', wiresC4C8: true };

/** The driver of a sample's card, where its layout is the chip's only one. */
export async function openSample(
  { layout }: { readonly layout: CardLayout },
  session: CardSession,
  reader = READER,
): Promise<ChipDriver> {
  const card = await recogniserOf({ version: 1, layouts: [layout] })(session, reader);
  if (card.layout !== layout) throw new Error('The card does not bear what its maker is known by.');
  return card.driver;
}
