import { identifyChip } from '../chip/identify.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../meter-card/journal.ts';
import { writeCard } from '../meter-card/write.ts';
import type { CardSlot } from '../reader/slot.ts';
import type { SamplePurchase } from './sample-purchase.ts';
import { withLayout } from './read-built-in.ts';

/** What a kiosk does with a released plan, from powering the card to taking its power away. */
export async function writePurchase(
  slot: Pick<CardSlot, 'model' | 'open'>,
  { plan, authorise }: Pick<SamplePurchase, 'plan' | 'authorise'>,
  { journal, clock }: { readonly journal: Journal; readonly clock: Clock },
): Promise<void> {
  const session = await slot.open();
  try {
    await writeCard({
      ...withLayout(await identifyChip(session, slot.model)),
      atr: session.atr,
      plan,
      lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
      journal,
      clock,
      authorise,
    });
  } finally {
    await session.end();
  }
}
