import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { SimulatedBus } from '../testing/sim-bus.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { readerRig } from '../testing/sim-reader-rig.ts';
import { Epoch } from './epoch.ts';
import { GuardedSession } from './guarded-session.ts';
import { watchReaders } from './readers.ts';

describe('a device that is no reader, whatever it says', () => {
  it('is let go of, and told of once', async () => {
    const clock = new ManualClock();
    const bus = new SimulatedBus();
    const device = new SimulatedReader({ clock });
    let closed = 0;
    const attach = device.attach.bind(device);
    device.attach = () => ({
      ...attach(),
      ccidDescriptor: new Uint8Array(),
      close: () => Promise.resolve(void closed++),
    });
    bus.plug(device);
    const faults: (string | undefined)[] = [];
    const readers = await watchReaders(bus, (_, error) => faults.push(codeOf(error)), clock);
    expect([readers.slots(), faults, closed]).toEqual([[], ['reader.unsupported'], 1]);
    await clock.advance(5_000);
    expect([faults.length, closed]).toEqual([1, 2]);
    await readers.close();
  });
});

describe('notices', () => {
  it.each([
    [40, 40],
    [41, 40],
    [1_000, 40],
  ])('%i of them in two seconds: %i are heard, and then the slot is looked into', async (sent, heard) => {
    const rig = readerRig();
    await settled();
    let changes = 0;
    rig.opened.slots[0]?.onChange(() => changes++);
    for (let i = 0; i < sent; i++) rig.reader.announce(i % 2 === 0);
    for (let i = 0; i < 10; i++) await settled();
    expect(changes).toBe(heard);
    await rig.clock.advance(10);
    expect(changes).toBe(heard);
    // What is in the pipe is heard in turn, as many in the same time.
    await rig.clock.advance(2_000);
    expect(changes).toBe(Math.min(sent, 2 * heard));
    rig.reader.unplug();
  });
});

describe('an answer', () => {
  it.each([
    [65_538, 65_538],
    [65_539, 'reader.protocol'],
  ])('of %i bytes: %s', async (length, outcome) => {
    const session = new GuardedSession({
      atr: new Uint8Array(),
      epoch: new Epoch(),
      exchange: () => Promise.resolve(new Uint8Array(length)),
      end: () => Promise.resolve(),
    });
    const ended = session.transmit(Uint8Array.of(0)).then((answer) => answer.length, codeOf);
    expect(await ended).toBe(outcome);
  });
});
