import { describe, expect, it } from 'vitest';
import { codeOf } from '../errors.ts';
import { systemClock } from '../node/system-clock.ts';
import { fakeWebUsbDevice } from '../testing/fake-web-usb.ts';
import { PORT_CONTRACT } from '../testing/port-contract.ts';
import { SimulatedReader } from '../testing/sim-reader.ts';
import type { WebUsbDevice } from '../usb/web-usb.ts';
import { webUsbBus } from './web-usb-bus.ts';
import type { WebUsb, WebUsbFilter } from './web-usb-bus.ts';

type Plug = (event: { readonly device: WebUsbDevice }) => void;

/** A browser's `navigator.usb`. */
class FakeWebUsb implements WebUsb {
  readonly devices = new Set<WebUsbDevice>();
  readonly asked: (readonly WebUsbFilter[])[] = [];
  chosen: WebUsbDevice | undefined;
  readonly #listeners = { connect: new Set<Plug>(), disconnect: new Set<Plug>() };

  getDevices(): Promise<WebUsbDevice[]> {
    return Promise.resolve([...this.devices]);
  }

  requestDevice({ filters }: { filters: readonly WebUsbFilter[] }): Promise<WebUsbDevice> {
    this.asked.push(filters);
    return this.chosen === undefined
      ? Promise.reject(new Error('NotFoundError'))
      : Promise.resolve(this.chosen);
  }

  addEventListener(type: 'connect' | 'disconnect', listener: Plug): void {
    this.#listeners[type].add(listener);
  }

  removeEventListener(type: 'connect' | 'disconnect', listener: Plug): void {
    this.#listeners[type].delete(listener);
  }

  plug(device: WebUsbDevice): void {
    this.devices.add(device);
    for (const listener of [...this.#listeners.connect]) listener({ device });
  }

  unplug(device: WebUsbDevice): void {
    this.devices.delete(device);
    for (const listener of [...this.#listeners.disconnect]) listener({ device });
  }
}

const VENDOR_CLASS = { interfaceClass: 0xff } as const;

describe('a USB port in a browser', () => {
  it.each(PORT_CONTRACT)('$name', async (portCase) => {
    const reader = new SimulatedReader({ clock: systemClock });
    const usb = new FakeWebUsb();
    const device = fakeWebUsbDevice(reader, VENDOR_CLASS);
    usb.plug(device);
    const bus = webUsbBus(usb, systemClock);
    const [info] = await bus.list();
    const port = await bus.open(info?.id ?? '');
    const unplug = reader.unplug.bind(reader);
    reader.unplug = () => {
      usb.unplug(device);
      unplug();
    };
    await portCase.run({ reader, port, pass: () => Promise.resolve() });
    await bus.close();
  });
});

describe('the WebUSB bus of a browser', () => {
  it('offers readers of a vendor’s own class only: pages are kept from the smart-card class', async () => {
    const usb = new FakeWebUsb();
    const made = (id: string, interfaceClass: number): WebUsbDevice =>
      fakeWebUsbDevice(new SimulatedReader({ clock: systemClock, id }), { interfaceClass });
    const [ccid, vendor] = [made('ccid', 0x0b), made('vendor', 0xff)];
    const bus = webUsbBus(usb, systemClock);
    const seen: number[] = [];
    bus.onChange((devices) => seen.push(devices.length));
    usb.plug(ccid);
    usb.plug(vendor);
    usb.unplug(vendor);
    expect(seen).toEqual([1, 0]);
    expect(await bus.list()).toEqual([]);
  });

  it('asks a person, for the vendors of the table, and tells of the reader chosen', async () => {
    const usb = new FakeWebUsb();
    const bus = webUsbBus(usb, systemClock);
    expect(await bus.request()).toBeUndefined();
    usb.chosen = fakeWebUsbDevice(new SimulatedReader({ clock: systemClock }), VENDOR_CLASS);
    expect(await bus.request()).toMatchObject({ vendorId: 0x072f, productId: 0x90cc });
    expect(usb.asked[0]).toContainEqual({ vendorId: 0x072f, classCode: 0xff });
    expect(codeOf(await bus.open('99').catch((error: unknown) => error))).toBe('usb.gone');
  });
});
