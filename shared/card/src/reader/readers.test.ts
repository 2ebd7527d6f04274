import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { codeOf } from '../errors.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus } from '../usb/ports.ts';
import { SimulatedAcr38 } from '../testing/sim-acr38.ts';
import { SimulatedBus } from '../testing/sim-bus.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import { watchReaders } from './readers.ts';
import { card } from '../testing/node/sim-acr38-rig.ts';
import { systemClock } from '../node/system-clock.ts';

describe('readers of several kinds', () => {
  it('are watched together, each opened in its own way', async () => {
    const clock = new ManualClock();
    const old = new SimulatedAcr38(clock);
    const [usb, hid] = [new SimulatedBus(), new SimulatedBus()];
    usb.plug(new SimulatedReader({ clock }));
    hid.plug(
      Object.assign(new SimulatedReader({ clock, id: 'acr38' }), { info: old.info, attach: () => old }),
    );
    const faults: unknown[] = [];
    const readers = await watchReaders([usb, hid], (_, error) => faults.push(error), clock);
    let changes = 0;
    readers.onChange(() => changes++);
    expect(readers.slots().map(({ model }) => model.id)).toEqual(['acr38u-ccid', 'acr38u']);
    old.insert(card('SLE4442'));
    expect(await Promise.all(readers.slots().map((slot) => slot.present()))).toEqual([false, true]);
    old.unplug();
    await settled();
    expect([readers.slots().length, changes]).toEqual([1, 1]);
    expect(faults).toEqual([]);
    const closing = readers.close();
    await clock.advance(10_000);
    await closing;
  });
});

describe('the readers on a bus', () => {
  it('come and go with their slots, two at once', async () => {
    const bus = new SimulatedBus();
    const [first, second] = ['a', 'b'].map((id) => new SimulatedReader({ clock: systemClock, id }));
    if (first === undefined || second === undefined) throw new Error('no readers');
    bus.plug(first);
    const faults: unknown[] = [];
    const readers = await watchReaders(bus, (_, error) => faults.push(error));
    expect(readers.slots().map(({ name }) => name)).toEqual(['ACS ACR38U-CCID (slot 0)']);
    bus.plug(second);
    await expect.poll(() => readers.slots().length).toBe(2);
    bus.unplug(first);
    await expect.poll(() => readers.slots().length).toBe(1);
    bus.plug(first);
    await expect.poll(() => readers.slots().length).toBe(2);
    await readers.close();
    expect(faults).toEqual([]);
  });

  it('that another program has is told of once, and opens when it was let go of', async () => {
    const clock = new ManualClock();
    const bus = new SimulatedBus();
    bus.plug(new SimulatedReader({ clock }));
    let inUse = true;
    const held: UsbBus = {
      list: () => bus.list(),
      onChange: (listener) => bus.onChange(listener),
      close: () => bus.close(),
      open: (id) =>
        inUse
          ? Promise.reject(new UsbError({ code: 'usb.in-use', message: 'Another has it.' }))
          : bus.open(id),
    };
    const faults: unknown[] = [];
    const readers = await watchReaders(held, (_, error) => faults.push(codeOf(error)), clock);
    let changes = 0;
    readers.onChange(() => changes++);
    await clock.advance(60_000);
    expect([readers.slots().length, faults, changes]).toEqual([0, ['usb.in-use'], 0]);
    inUse = false;
    await clock.advance(5_000);
    expect([readers.slots().length, changes]).toEqual([1, 1]);
    const closing = readers.close();
    await clock.advance(10_000);
    await closing;
  });
});
