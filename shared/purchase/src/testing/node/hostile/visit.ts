import { CodedError, codeOf } from '@bianmin/card/errors';
import { openCcidReader } from '@bianmin/card/reader/ccid-reader';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import type { SamplePurchase } from '@bianmin/card/testing/sample-purchase';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { untilDone } from '@bianmin/card/testing/node/hostile/moving-clock';
import { cardWork } from '../../../purchase/card-work.ts';
import type { WriteOutcome } from '../../../purchase/ports.ts';

/** A household at a kiosk. */
export interface Visit {
  readonly purchase: SamplePurchase;
  readonly journal: MemoryJournal;
  readonly clock: ManualClock;
}

/** How a visit ended: in a refusal to present the code again, or as the write did; undefined where it came to neither. */
export type Ended = WriteOutcome['result'] | 'code-fault';

/** As the flow does it. */
export async function visit(slot: CardSlot, { purchase, journal, clock }: Visit): Promise<Ended | undefined> {
  const { plan } = purchase;
  const authorise: SamplePurchase['authorise'] = async (request) => {
    try {
      return await purchase.authorise(request);
    } catch (cause) {
      // A card that is not genuine gets no second stage.
      throw new CodedError({ code: 'grid.refused', message: 'The grid refuses this card.', cause });
    }
  };
  try {
    await slot.present();
    const card = await cardWork.open(slot);
    try {
      if ((await card.codeFault(journal)) !== null) return 'code-fault';
      const lease = { no: 1, expiresAtMonotonic: Number.MAX_SAFE_INTEGER };
      const job = { plan, authorise, journal, clock, lease, tries: 0, onProgress: () => undefined };
      return (await card.write(job)).result;
    } finally {
      await card.end();
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/**
 * The same household and journal at an honest kiosk: what was not written is written, and the meter credits it once. Where a
 * code or key was refused meanwhile, staff decide; the last try is never gone.
 */
export async function nextVisit(
  before: Ended | undefined,
  of: Visit & { readonly complain: (what: string) => void },
): Promise<void> {
  const { clock, purchase, complain } = of;
  if (purchase.card.tries.some(({ left }) => left === 0)) complain('the card is locked');
  const reader = new SimulatedReader({ clock });
  reader.insert(purchase.card);
  const opened = openCcidReader(reader.attach(), clock);
  const [slot] = opened.slots;
  if (slot === undefined) throw new Error('an honest reader has a slot');
  const now = before === 'written' ? before : await untilDone(clock, visit(slot, of), complain);
  await untilDone(clock, opened.close(), complain);
  if (now === 'code-fault') return;
  if (now !== 'written') {
    complain(`the next visit ended ${now ?? 'without a card'}`);
    return;
  }
  const { balanceFen } = purchase.meter;
  purchase.meter.insert(purchase.card);
  const credited = purchase.meter.balanceFen - balanceFen;
  if (credited !== purchase.amountFen)
    complain(`the meter credited ${credited} of ${purchase.amountFen} fen`);
}
