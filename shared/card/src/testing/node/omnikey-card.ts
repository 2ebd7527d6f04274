import { identifyChip } from '../../chip/identify.ts';
import { tripleDes } from './triple-des.ts';
import { DirectSession } from '../direct-session.ts';
import { METER_FILES } from '../meter-files.ts';
import { samplePurchase } from '../sample-purchase.ts';
import { SimulatedSle4428Card } from '../chips/sle4428/card.ts';
import { omnikeySle4428Firmware } from '../chips/sle4428/omnikey.ts';
import { SimulatedSle4442Card } from '../chips/sle4442/card.ts';
import { omnikeySle4442Firmware } from '../chips/sle4442/omnikey.ts';

export const READER = { memoryDialect: 'omnikey' } as const;

/** A sample purchase's card, moved to an OMNIKEY reader. */
export function inOmnikey(chip: 'SLE4442' | 'SLE4428', busCommands = true) {
  const sample = samplePurchase(chip, { cipher: tripleDes, seed: 41 });
  const snapshot = sample.card.snapshot();
  const card =
    chip === 'SLE4442'
      ? SimulatedSle4442Card.restore(snapshot, 1, (on) => omnikeySle4442Firmware(on, { busCommands }))
      : SimulatedSle4428Card.restore(snapshot, 1, (on) => omnikeySle4428Firmware(on, { busCommands }));
  const open = () => identifyChip(new DirectSession(card), READER);
  return { ...sample, card, open, files: METER_FILES[chip] };
}
