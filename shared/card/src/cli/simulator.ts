import type { Clock } from '../clock.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { watchReaders } from '../reader/readers.ts';
import { METER_CHIPS } from '../testing/meter-files.ts';
import { samplePurchase, type SamplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedBus } from '../testing/sim-bus.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { usage } from './args.ts';
import type { OpenReaders } from './readers.ts';

/** With what tests do to the card and its reader. */
export interface SimulatedReaders extends OpenReaders {
  readonly sample?: SamplePurchase;
  readonly simulatedReader?: SimulatedReader;
}

/** Chips that `--simulate` offers. */
export const SIMULATED = METER_CHIPS;

/** A simulated CCID reader with a household's sample card in it, and the sale that waits for that card. */
export async function openSimulator(
  { chip, seed }: { readonly chip: string; readonly seed: number },
  clock: Clock,
): Promise<SimulatedReaders> {
  const known = SIMULATED.find((name) => name === chip);
  if (known === undefined) throw usage(`--simulate takes one of ${SIMULATED.join(', ')}`);
  const sample = samplePurchase(known, { cipher: tripleDes, seed });
  const bus = new SimulatedBus();
  const reader = new SimulatedReader({ clock });
  reader.insert(sample.card);
  bus.plug(reader);
  const readers = await watchReaders(bus, () => undefined);
  return {
    slots: () => readers.slots().map((slot) => ({ slot, driven: 'simulated' })),
    onChange: (listener) => readers.onChange(listener),
    faults: [],
    sample,
    simulatedReader: reader,
    close: () => readers.close(),
  };
}
