import type { SamplePurchase } from '../testing/sample-purchase.ts';
import { FakeIo } from './fake-io.ts';

/** An io whose simulated reader keeps one card from run to run. */
export function ioWith(sample: SamplePurchase): FakeIo {
  const io = new FakeIo();
  const open = io.openReaders;
  io.openReaders = async (choice) => {
    const readers = await open(choice);
    const { simulatedReader } = readers;
    simulatedReader?.insert(sample.card);
    return { ...readers, sample };
  };
  return io;
}
