import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { PLAIN_FRAMING } from '../framing/hid/profile.ts';
import { hidReaderBus } from '../reader/hid-bus.ts';
import type { ReaderModel } from '../reader/models.ts';
import { watchReaders } from '../reader/readers.ts';
import { FakeWebHid } from '../testing/fake-web-hid.ts';
import { HID_PORT_CONTRACT } from '../testing/hid-port-contract.ts';
import { ManualClock, settled } from '../testing/manual-clock.ts';
import { SimulatedHidReader } from '../testing/sim-hid-reader.ts';
import { webHidBus } from './web-hid-bus.ts';

function browser() {
  const clock = new ManualClock();
  const hid = new FakeWebHid();
  const reader = new SimulatedHidReader({ clock, framing: PLAIN_FRAMING });
  const { vendorId, productId } = reader.device.info;
  const model: ReaderModel = {
    id: 'test',
    name: 'HID reader',
    vendorId,
    productId,
    transport: 'ccid-in-hid',
    hid: reader.transport,
  };
  return { clock, hid, reader, model, bus: webHidBus(hid, clock, [model]) };
}

describe('a HID port over WebHID', () => {
  it.each(HID_PORT_CONTRACT)('$name', async (portCase) => {
    const { clock, hid, reader, bus } = browser();
    const { device } = reader;
    device.onWritten = undefined;
    hid.add(device);
    const [info] = await bus.list();
    const port = await bus.open(info?.id ?? '');
    await portCase.run({ port, device, reportId: 2, pass: (ms) => clock.advance(ms) });
    await bus.close();
  });
});

describe('the WebHID bus', () => {
  it('asks a person for readers of the table, and tells of the one chosen', async () => {
    const { hid, reader, bus, model } = browser();
    hid.add(reader.device, false);
    const seen: number[] = [];
    bus.onChange((devices) => seen.push(devices.length));
    expect(await bus.list()).toEqual([]);
    expect(await bus.request()).toBeUndefined();
    hid.chosen = reader.device;
    expect(await bus.request()).toMatchObject({ vendorId: model.vendorId, usagePage: 0xff00 });
    expect(hid.asked[0]).toEqual([
      { vendorId: model.vendorId, productId: model.productId, usagePage: 0xff00, usage: 1 },
    ]);
    expect(seen).toEqual([1]);
  });

  it('opens readers as they are plugged', async () => {
    const { clock, hid, reader, bus, model } = browser();
    hid.add(reader.device);
    const faults: unknown[] = [];
    const readers = await watchReaders(hidReaderBus(bus, clock, [model]), (_, error) => faults.push(error));
    expect(await readers.slots()[0]?.present()).toBe(false);
    reader.unplug();
    await settled();
    expect(readers.slots()).toHaveLength(0);
    reader.plug();
    await settled();
    expect(await readers.slots()[0]?.present()).toBe(false);
    expect(faults).toEqual([]);
    await readers.close();
  });

  it('refuses what is not there, and what is no reader of the table', async () => {
    const { clock, hid, reader, bus } = browser();
    hid.add(reader.device);
    expect(await webHidBus(hid, clock).list()).toEqual([]);
    const [info] = await bus.list();
    reader.unplug();
    const outcome = await bus.open(info?.id ?? '').catch((error: unknown) => error);
    expect(codeOf(outcome)).toBe('usb.gone');
  });
});
