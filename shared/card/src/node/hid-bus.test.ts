import { describe, expect, it } from 'vitest';
import { CCID_XOR_FRAMING, PLAIN_FRAMING } from '../framing/hid/profile.ts';
import { hidReaderBus } from '../reader/hid-bus.ts';
import { watchReaders } from '../reader/readers.ts';
import { HID_PORT_CONTRACT } from '../testing/hid-port-contract.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { samplePurchase } from '../testing/sample-purchase.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import type { HidDeviceInfo } from '../usb/ports.ts';
import { openHidBus } from './hid-bus.ts';
import { polledPlugs } from './hid-plugs.ts';
import { tripleDes } from '../testing/node/triple-des.ts';
import { outcome } from '../testing/outcome.ts';
import { machine, device } from '../testing/node/fake-hid-machine.ts';

const ids = (devices: readonly HidDeviceInfo[]): string[] => devices.map(({ id }) => id);

describe.each([
  ['without report ids', CCID_XOR_FRAMING],
  ['with report ids', PLAIN_FRAMING],
] as const)('a HID port over node-hid, %s', (_, framing) => {
  it.each(HID_PORT_CONTRACT)('$name', async (portCase) => {
    const { clock, bus, plug } = machine(framing);
    const far = device(clock, {}, framing);
    plug(far);
    await bus.list();
    const port = await bus.open(far.info.id);
    await portCase.run({
      port,
      device: far,
      reportId: framing.inReportId,
      pass: (ms) => clock.advance(ms),
    });
    await bus.close();
  });
});

describe('the HID bus', () => {
  it('lists readers of the table, each with the collection that carries its reports', async () => {
    const { clock, hid, bus } = machine();
    for (const info of [
      {},
      { id: 'keys', usagePage: 0x01, usage: 6 },
      { id: 'mute', usagePage: 0, usage: 0 },
      { id: 'mouse', vendorId: 0x1234 },
    ]) {
      hid.devices.add(device(clock, info));
    }
    expect(ids(await bus.list())).toEqual(['/dev/hidraw0', 'mute']);
    expect(await outcome(bus.open('mouse'))).toBe('usb.gone');
  });

  it('tells of a device that is there only a moment after the plug, once', async () => {
    const { clock, hid, bus, tell } = machine();
    const seen: string[][] = [];
    bus.onChange((devices) => seen.push(ids(devices)));
    tell();
    await settled();
    hid.devices.add(device(clock));
    await clock.advance(3_000);
    expect(seen).toEqual([['/dev/hidraw0']]);
  });

  it('waits for the system to let it in, and says when it does not', async () => {
    const { clock, hid, bus, plug } = machine();
    plug(device(clock));
    await bus.list();
    hid.forbidden = 2;
    const opening = outcome(bus.open('/dev/hidraw0'));
    await clock.advance(600);
    expect(await opening).toBe('no error');
    hid.forbidden = 1_000;
    const refused = outcome(bus.open('/dev/hidraw0'));
    await clock.advance(3_000);
    expect(await refused).toBe('usb.permission');
  });

  it('looks every three seconds where nothing tells of plugs, until it is told to stop', async () => {
    const clock = new ManualClock();
    let looks = 0;
    const stop = polledPlugs(clock)(() => looks++);
    await clock.advance(6_500);
    stop();
    await clock.advance(10_000);
    expect([looks, clock.sleepers]).toEqual([2, 0]);
  });

  it('looks for nothing where no reader of the table is a HID one', async () => {
    const bus = await openHidBus(new ManualClock(), []);
    expect(await bus.list()).toEqual([]);
    expect(await outcome(bus.open('any'))).toBe('usb.gone');
    await bus.close();
  });

  it('has readers opened, closed and opened again as they are plugged', async () => {
    const { clock, hid, bus, model, tell } = machine();
    const far = new SimulatedHidReader({ clock });
    far.reader.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 3 }).card);
    hid.devices.add(far.device);
    const faults: unknown[] = [];
    const readers = await watchReaders(hidReaderBus(bus, clock, [model]), (_, error) => faults.push(error));
    expect(readers.slots()).toHaveLength(1);
    expect(await readers.slots()[0]?.present()).toBe(true);
    // Pulled and put back before anybody looked: the same path.
    far.unplug();
    far.plug();
    tell();
    await clock.advance(3_000);
    expect(readers.slots()).toHaveLength(1);
    expect(await readers.slots()[0]?.present()).toBe(true);
    far.unplug();
    tell();
    await clock.advance(3_000);
    expect(readers.slots()).toHaveLength(0);
    expect(faults).toEqual([]);
    await readers.close();
  });
});
