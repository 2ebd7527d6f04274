import type { BlockCipher8 } from './cos-crypto.ts';
import { SimulatedCpuCard } from './sim-cpu-card.ts';
import { SimulatedSle4442Card } from './sim-sle4442.ts';
import type { CardSnapshot } from './simulated-card.ts';

/** The card of a snapshot, once more: after a restart of the sandbox, or as a clone. */
export function restoreCard(
  snapshot: CardSnapshot,
  cipher: BlockCipher8,
  seed = 1,
): SimulatedSle4442Card | SimulatedCpuCard {
  switch (snapshot.chip) {
    case 'SLE4442':
      return SimulatedSle4442Card.restore(snapshot, seed);
    case 'CPU':
      return SimulatedCpuCard.restore(snapshot, cipher, seed);
    default:
      throw new RangeError(`no simulated ${snapshot.chip}`);
  }
}
