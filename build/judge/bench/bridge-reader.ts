import { systemClock } from '@bianmin/card/node/system-clock';
import { plainCard } from '@bianmin/card/testing/sim-card-line-plain';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';

const BYTES = 32;
/** T=0 without anything said. */
const ATR = Uint8Array.of(0x3b, 0x00);

/** A usual read. */
export const READ = Uint8Array.of(0x00, 0xb0, 0x00, 0x00, BYTES);

/** A reader of APDUs with a card in it that answers at once, so that what is left is the way there. */
export function benchReader(): SimulatedReader {
  const reader = new SimulatedReader({ clock: systemClock, level: 'short-apdu', id: 'bench' });
  const answer = new Uint8Array(BYTES + 2);
  answer.set([0x90, 0x00], BYTES);
  reader.insert(plainCard(ATR, () => answer));
  return reader;
}
