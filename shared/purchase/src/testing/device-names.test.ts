import { describe, expect, it } from 'vitest';
import { infoOf } from '@bianmin/card/node/usb-readers';
import { readerOf } from '@bianmin/card/node/hid-readers';
import { openChildSlots } from '@bianmin/card/node/child-slots';
import { watchPcscReaders } from '@bianmin/card/reader/pcsc-readers';
import { READER_MODELS } from '@bianmin/card/reader/models';
import type { HidDeviceInfo, PcscPort } from '@bianmin/card/usb/ports';
import { webHidBus } from '@bianmin/card/web/web-hid-bus';
import { webUsbBus } from '@bianmin/card/web/web-usb-bus';
import { FakeSlotsChild } from '@bianmin/card/testing/node/fake-slots-child';
import { fakeWebUsbDevice } from '@bianmin/card/testing/fake-web-usb';
import { FakeWebHid } from '@bianmin/card/testing/fake-web-hid';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { SimulatedHidDevice } from '@bianmin/card/testing/sim-hid-device';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { parseDevices } from '../android/bridge.ts';

const SAID = '\u001b[2J读卡器\u202E\u0007 ';
const SHOWN = '[2J读卡器';
const clock = new ManualClock();

describe('what a device says of itself, wherever it comes in', () => {
  const reader = new SimulatedReader({ clock });
  const usb = Object.defineProperties(fakeWebUsbDevice(reader, { interfaceClass: 0xff }), {
    manufacturerName: { value: SAID },
    productName: { value: SAID },
    serialNumber: { value: SAID },
  });

  it.each<[string, () => Promise<readonly Partial<HidDeviceInfo>[]>]>([
    ['the usb package', () => Promise.resolve([infoOf(usb)])],
    [
      'WebUSB',
      () => {
        const listen = (): void => undefined;
        const devices = {
          getDevices: () => Promise.resolve([usb]),
          requestDevice: () => Promise.resolve(usb),
        };
        return webUsbBus({ ...devices, addEventListener: listen, removeEventListener: listen }, clock).list();
      },
    ],
    [
      'the box’s bridge',
      () => {
        const said = { manufacturer: SAID, product: SAID, serialNumber: SAID };
        return Promise.resolve(
          parseDevices(JSON.stringify([{ id: 'x', vendorId: 1, productId: 2, ...said }])) ?? [],
        );
      },
    ],
  ])('is fit to be shown: %s', async (_, list) => {
    expect(await list()).toMatchObject([{ manufacturer: SHOWN, product: SHOWN, serialNumber: SHOWN }]);
  });

  const transport = { usagePage: 0xff00, usage: 1 };
  const model = { id: 'test', name: 'HID reader', vendorId: 1, productId: 2, hid: transport };
  it.each<[string, () => Promise<unknown>]>([
    [
      'node-hid',
      () => {
        const device = { path: 'p', vendorId: 1, productId: 2, product: SAID, ...transport };
        return Promise.resolve([readerOf(device as never, [model as never])?.info]);
      },
    ],
    [
      'WebHID',
      () => {
        const hid = new FakeWebHid();
        const info = { id: 'x', vendorId: 1, productId: 2, product: SAID, ...transport };
        hid.add(new SimulatedHidDevice({ clock, info, reportSize: 64 }));
        return webHidBus(hid, clock, [model as never]).list();
      },
    ],
  ])('is fit to be shown: %s', async (_, list) => {
    expect(await list()).toMatchObject([{ product: SHOWN }]);
  });
});

describe('a name that the PC/SC service gives', () => {
  const namesOf = async (...names: string[]) => {
    const asked: string[] = [];
    const port: PcscPort = {
      readers: () => Promise.resolve(names.map((name) => ({ name, atr: new Uint8Array() }))),
      onChange: () => () => undefined,
      connect: (name) => {
        asked.push(name);
        return Promise.reject(new Error('no card'));
      },
      close: () => Promise.resolve(),
    };
    const slots = (await watchPcscReaders(port)).slots();
    for (const slot of slots) await slot.open().catch(() => undefined);
    return { shown: slots.map(({ name }) => name), asked };
  };

  it('is shown without what a terminal obeys, and asked for as it is', async () => {
    const said = `${SAID}00 00`;
    expect(await namesOf(said)).toEqual({ shown: ['[2J读卡器 00 00'], asked: [said] });
    expect((await namesOf('\u0007')).shown).toEqual(['PC/SC']);
  });

  it('keeps its end where it is too long, by which the service tells readers apart', async () => {
    const long = (at: string): string => `${'Generic Reader Interface '.repeat(5)}${at}`;
    const { shown, asked } = await namesOf(long('01 00'), long('00 00'));
    expect(shown.map((name) => [...name].length)).toEqual([64, 64]);
    expect(shown.map((name) => name.slice(-6))).toEqual([' 00 00', ' 01 00']);
    expect(asked).toEqual([long('00 00'), long('01 00')]);
  });
});

it('a slot of the readers’ process, whatever that process says, is shown without what a terminal obeys', async () => {
  const child = new FakeSlotsChild();
  const opening = openChildSlots({ clock, start: () => child, onFault: () => undefined });
  child.say({ type: 'ready' });
  const model = { id: 'ccid', name: SAID, vendorId: 1, productId: 2 };
  child.say({ type: 'slot', slot: 1, name: `${SAID}(slot 0)`, model });
  const readers = await opening;
  await settled();
  expect(readers.slots()).toMatchObject([{ name: `${SHOWN} (slot 0)`, model: { name: SHOWN } }]);
  await Promise.all([readers.close(), clock.advance(3_000)]);
});

it('a name of the table is shown whole, with its slot', () => {
  for (const { name } of READER_MODELS) expect([...`${name} (slot 15)`].length).toBeLessThanOrEqual(64);
});
