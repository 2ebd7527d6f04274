import { randomUUID } from 'node:crypto';
import type { CardImageMessage } from '@bianmin/purchase/api/card-image';
import { cardWork } from '@bianmin/purchase/purchase/card-work';
import { openSlots } from '../../../../terminal-app/src/host/readers.ts';
import type { World } from '../world.ts';

/** A fresh household's card, and what a reader reads of it. */
export interface CardThatWasRead {
  readonly image: CardImageMessage;
  readonly meterNo: string;
  readonly customerNo: string;
  readonly cardId: string;
}

export async function readCard(world: World): Promise<CardThatWasRead> {
  const household = await world.sandbox.household('SLE4442');
  const readerId = `attack-${randomUUID().slice(0, 8)}`;
  await world.sandbox.insert(readerId, household.cardId);
  const slots = await openSlots({
    sandbox: { url: world.stack.urls.gridUrl, readerId },
    onFault: () => undefined,
  });
  try {
    const seen = await world.comesTrue(() => Promise.resolve(slots.slots().length > 0));
    const [slot] = slots.slots();
    if (!seen || slot === undefined) throw new Error('There is no reader.');
    const card = await cardWork.open(slot);
    await card.end();
    return { image: card.image, ...household };
  } finally {
    await slots.close();
  }
}
