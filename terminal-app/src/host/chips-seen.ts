import type { ChipName } from '@bianmin/card/chip/contract';
import type { CardWork } from '@bianmin/purchase/purchase/ports';

/**
 * The same card work, which tells of the chip that it read, and remembers the last of each slot; of the card itself it keeps
 * nothing.
 */
export function chipsSeen(
  cards: CardWork,
  onRead: (chip: ChipName) => void,
): { cards: CardWork; last: (slot: string) => string | null } {
  const seen = new Map<string, string>();
  return {
    last: (slot) => seen.get(slot) ?? null,
    cards: {
      open: async (slot) => {
        const card = await cards.open(slot);
        const { chip } = card.image;
        seen.set(slot.name, chip);
        onRead(chip);
        return card;
      },
    },
  };
}
