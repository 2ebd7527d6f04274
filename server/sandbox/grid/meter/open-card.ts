import { chipOf, METER_CARDS, type MeterCard as IssuedCard } from '@bianmin/card/testing/meter-files';
import type { SimulatedCard } from '@bianmin/card/testing/simulated-card';
import type { CardSecurity } from '../platform/encryptor.ts';
import { MeterFault, type MeterCard } from './card-access.ts';
import { openCpu } from './cpu-card.ts';
import { openMemoryCard } from './memory-card.ts';

export interface MeterHands {
  readonly security: CardSecurity;
  readonly random: (length: number) => Uint8Array;
}

/**
 * Powers a card and reads it as the meter's maker has its own: `own` is the one card that it takes, absent: the first
 * maker's of every chip. What lies elsewhere on a card it does not find.
 */
export function openInMeter(sim: SimulatedCard, own: IssuedCard | undefined, hands: MeterHands): MeterCard {
  if (sim.powerOn() === undefined) throw new MeterFault(4);
  const card = own ?? METER_CARDS.find((each) => each === sim.chip);
  if (card === undefined || chipOf(card) !== sim.chip) throw new MeterFault(4);
  return card === 'CPU' || card === 'second-CPU'
    ? openCpu(sim, card, hands)
    : openMemoryCard(sim, card, hands.security);
}
