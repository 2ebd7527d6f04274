import type { WebHid, WebHidFilter } from '../web/web-hid-bus.ts';
import type { WebHidDevice, WebHidReportEvent } from '../web/web-hid-port.ts';
import { UsbError } from '../usb/error.ts';
import type { SimulatedHidDevice } from './sim-hid-device.ts';

type Plug = (event: { readonly device: WebHidDevice }) => void;

/** A browser's `navigator.hid` with simulated devices: those permitted are listed, others only when asked for. */
export class FakeWebHid implements WebHid {
  readonly #devices = new Map<SimulatedHidDevice, WebHidDevice>();
  readonly #permitted = new Set<SimulatedHidDevice>();
  readonly #listeners = { connect: new Set<Plug>(), disconnect: new Set<Plug>() };
  /** What the person was asked for. */
  readonly asked: (readonly WebHidFilter[])[] = [];
  /** What the person chooses next. */
  chosen: SimulatedHidDevice | undefined;

  add(device: SimulatedHidDevice, permitted = true): void {
    const shown = webHid(device);
    this.#devices.set(device, shown);
    if (permitted) this.#permitted.add(device);
    device.onPlug.add(() => {
      if (!this.#permitted.has(device)) return;
      const { connect, disconnect } = this.#listeners;
      for (const listener of [...(device.plugged ? connect : disconnect)]) listener({ device: shown });
    });
  }

  getDevices(): Promise<readonly WebHidDevice[]> {
    return Promise.resolve(
      [...this.#devices].flatMap(([device, shown]) =>
        device.plugged && this.#permitted.has(device) ? [shown] : [],
      ),
    );
  }

  requestDevice({ filters }: { filters: readonly WebHidFilter[] }): Promise<readonly WebHidDevice[]> {
    this.asked.push(filters);
    const { chosen } = this;
    const shown = chosen === undefined ? undefined : this.#devices.get(chosen);
    if (chosen === undefined || shown === undefined) return Promise.resolve([]);
    this.#permitted.add(chosen);
    return Promise.resolve([shown]);
  }

  addEventListener(type: 'connect' | 'disconnect', listener: Plug): void {
    this.#listeners[type].add(listener);
  }

  removeEventListener(type: 'connect' | 'disconnect', listener: Plug): void {
    this.#listeners[type].delete(listener);
  }
}

function webHid(device: SimulatedHidDevice): WebHidDevice {
  const offs = new Map<(event: WebHidReportEvent) => void, () => void>();
  let opened = false;
  const { vendorId, productId, product = '', usagePage = 0, usage = 0 } = device.info;
  return {
    vendorId,
    productId,
    productName: product,
    get opened() {
      return opened;
    },
    collections: [
      { usagePage: 0x01, usage: 0x06 },
      { usagePage, usage, inputReports: [{ items: [{ reportSize: 8, reportCount: device.reportSize }] }] },
    ],
    open: () => {
      if (!device.plugged) return Promise.reject(new Error('NotFoundError'));
      opened = true;
      return Promise.resolve();
    },
    close: () => {
      opened = false;
      return Promise.resolve();
    },
    sendReport: async (id, data) => {
      if (!opened) throw new Error('InvalidStateError');
      if (device.stuck) await new Promise(() => undefined);
      try {
        device.receive({ id, data });
      } catch (error) {
        if (!(error instanceof UsbError)) throw error;
        throw new Error('NotAllowedError: Failed to write the report.');
      }
    },
    addEventListener: (_type, listener) => {
      const off = device.onSent(({ id, data }) => {
        if (opened) listener({ reportId: id, data: new DataView(Uint8Array.from(data).buffer) });
      });
      offs.set(listener, off);
    },
    removeEventListener: (_type, listener) => {
      offs.get(listener)?.();
      offs.delete(listener);
    },
  };
}
