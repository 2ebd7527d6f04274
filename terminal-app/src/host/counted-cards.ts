import type { CardWork } from '@bianmin/shared/purchase/ports';
import type { BeatCounts } from '@bianmin/shared/terminal/beat-counts';

/** The same card layer, and each card that it reads is counted by its chip. */
export function countedCards(cards: CardWork, counts: Pick<BeatCounts, 'card'>): CardWork {
  return {
    open: async (slot) => {
      const card = await cards.open(slot);
      counts.card(card.image.chip);
      return card;
    },
  };
}
