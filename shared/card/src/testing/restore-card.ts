import type { BlockCipher8 } from './cos-crypto.ts';
import { SimulatedCpuCard } from './chips/cpu/card.ts';
import { memoryCardKind } from './memory-cards.ts';
import type { CardSnapshot, SimulatedCard } from './simulated-card.ts';

/** The card of a snapshot, once more: after a restart of the sandbox, or as a clone. */
export function restoreCard(snapshot: CardSnapshot, cipher: BlockCipher8, seed = 1): SimulatedCard {
  return snapshot.chip === 'CPU'
    ? SimulatedCpuCard.restore(snapshot, cipher, seed)
    : memoryCardKind(snapshot.chip).restore(snapshot, seed);
}
