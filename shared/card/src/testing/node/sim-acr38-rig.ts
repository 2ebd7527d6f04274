import { tripleDes } from './triple-des.ts';
import { samplePurchase } from '../sample-purchase.ts';
import type { SimulatedCard } from '../simulated-card.ts';

export function card(chip: 'SLE4442' | 'CPU', protocol: 'T0' | 'T1' = 'T0'): SimulatedCard {
  return samplePurchase(chip, { cipher: tripleDes, seed: 11, protocol }).card;
}
