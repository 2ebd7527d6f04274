import { expect, it } from 'vitest';
import { tripleDes } from '../../testing/node/triple-des.ts';
import { watchReaders } from '../../reader/readers.ts';
import { samplePurchase } from '../../testing/sample-purchase.ts';
import { SimulatedBus } from '../../testing/sim-bus.ts';
import { SimulatedReader } from '../../testing/sim-reader.ts';
import { FakeIo } from '../fake-io.ts';

/** Resolves once something of this kind was said. */
async function heard(io: FakeIo, words: string, times = 1): Promise<void> {
  while (io.said.filter((line) => line.includes(words)).length < times) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function benchOf(io: FakeIo): { readonly bus: SimulatedBus; readonly reader: SimulatedReader } {
  const bus = new SimulatedBus();
  const reader = new SimulatedReader({ clock: io.clock });
  bus.plug(reader);
  io.openReaders = async () => {
    const readers = await watchReaders(bus, () => undefined);
    return {
      slots: () => readers.slots().map((slot) => ({ slot, driven: 'simulated' })),
      onChange: (listener) => readers.onChange(listener),
      faults: [],
      close: () => readers.close(),
    };
  };
  return { bus, reader };
}

it('tells of cards and readers as they come and go, until it is stopped', async () => {
  const io = new FakeIo();
  const { bus, reader } = benchOf(io);
  const run = io.run('watch');
  await heard(io, 'reader is there');
  reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 }).card);
  await heard(io, 'Chip: SLE4442');
  reader.eject();
  await heard(io, 'card taken out');
  reader.insert(samplePurchase('CPU', { cipher: tripleDes, seed: 1 }).card);
  await heard(io, 'Chip: CPU');
  bus.unplug(reader);
  await heard(io, 'reader is gone');
  io.stop.stop();
  const { code, out } = await run;
  expect(code).toBe(0);
  expect(out.match(/card put in/g)).toHaveLength(2);
  expect(out).toMatch(/^\d\d:\d\d:\d\d {2}ACS ACR38U-CCID \(slot 0\): card put in$/m);
});

it('gives programs a line of JSON an event, also for an unknown card', async () => {
  const io = new FakeIo();
  const { reader } = benchOf(io);
  const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
  const powerOn = card.powerOn.bind(card);
  card.powerOn = () => powerOn() && Uint8Array.of(0x3b, 0x04, 1, 2, 3, 4);
  reader.insert(card);
  const run = io.run('watch --json');
  await heard(io, 'unidentified');
  io.stop.stop();
  const { out } = await run;
  const events = out.split('\n').map((line) => JSON.parse(line) as { event: string; code?: string });
  expect(events.map(({ event }) => event)).toEqual(['reader', 'inserted', 'unidentified']);
  expect(events[2]).toMatchObject({ code: 'chip.unknown' });
});
