import type { Clock } from '../clock.ts';
import type { Journal } from '../meter-card/journal.ts';
import { writeCard } from '../meter-card/write.ts';
import type { CardSlot } from '../reader/slot.ts';
import type { SamplePurchase } from './sample-purchase.ts';
import { openSample } from './open-sample.ts';

/** What a kiosk does with a released plan, from powering the card to taking its power away. */
export async function writePurchase(
  slot: Pick<CardSlot, 'model' | 'open'>,
  purchase: Pick<SamplePurchase, 'plan' | 'authorise' | 'layout'>,
  { journal, clock }: { readonly journal: Journal; readonly clock: Clock },
): Promise<void> {
  const session = await slot.open();
  try {
    await writeCard({
      driver: await openSample(purchase, session, slot.model),
      layout: purchase.layout,
      atr: session.atr,
      plan: purchase.plan,
      lease: { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER },
      journal,
      clock,
      authorise: purchase.authorise,
    });
  } finally {
    await session.end();
  }
}
