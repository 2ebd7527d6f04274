import type { CardWork } from '@bianmin/shared/purchase/ports';

/** The same card work, which remembers the kind of chip that was last read in each slot, and nothing of the card. */
export function chipsSeen(cards: CardWork): { cards: CardWork; last: (slot: string) => string | null } {
  const seen = new Map<string, string>();
  return {
    last: (slot) => seen.get(slot) ?? null,
    cards: {
      open: async (slot) => {
        const card = await cards.open(slot);
        seen.set(slot.name, card.image.chip);
        return card;
      },
    },
  };
}
