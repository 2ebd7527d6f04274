import type { Clock } from '../clock.ts';
import { READER_MODELS } from '../reader/models.ts';
import type { ReaderModel } from '../reader/models.ts';
import { deviceTexts } from '../usb/device-text.ts';
import { UsbError } from '../usb/error.ts';
import { openHidPort } from '../usb/hid-port.ts';
import type { HidBus, HidDeviceInfo } from '../usb/ports.ts';
import { KnownDevices } from './known-devices.ts';
import type { DeviceSource } from './known-devices.ts';
import { webHidDevice } from './web-hid-port.ts';
import type { WebHidDevice } from './web-hid-port.ts';

export interface WebHidFilter {
  readonly vendorId: number;
  readonly productId: number;
  readonly usagePage: number;
  readonly usage: number;
}

/** `navigator.hid`. */
export interface WebHid extends DeviceSource<WebHidDevice> {
  requestDevice(options: { readonly filters: readonly WebHidFilter[] }): Promise<readonly WebHidDevice[]>;
}

export interface WebHidBus extends HidBus {
  /**
   * Asks the person for a reader; only in answer to a click. Resolves with what was chosen, undefined for nothing;
   * listeners are told of it.
   */
  request(): Promise<HidDeviceInfo | undefined>;
}

/** HID readers of the table in a browser. */
export function webHidBus(
  hid: WebHid,
  clock: Clock,
  models: readonly ReaderModel[] = READER_MODELS,
): WebHidBus {
  const filters = models.flatMap(({ vendorId, productId, hid: transport }) =>
    transport === undefined
      ? []
      : [{ vendorId, productId, usagePage: transport.usagePage, usage: transport.usage }],
  );
  const known = new KnownDevices<WebHidDevice, HidDeviceInfo>(hid, (device, id) => {
    const filter = filters.find((each) => isReader(device, each));
    if (filter === undefined) return undefined;
    return { id, ...filter, ...deviceTexts({ product: device.productName }) };
  });
  return {
    list: () => known.list(),
    open: (id) => {
      const found = known.find(id);
      if (found === undefined) {
        const message = 'The reader was unplugged; plug it in again.';
        return Promise.reject(new UsbError({ code: 'usb.gone', message }));
      }
      return openHidPort({
        clock,
        info: found.info,
        device: webHidDevice(found.device),
        onGone: (listener) =>
          known.onLeft((left) => {
            if (left === id) listener();
          }),
      });
    },
    request: async () => {
      const [device] = await hid.requestDevice({ filters });
      const info = device === undefined ? undefined : known.add(device);
      if (info !== undefined) known.tell();
      return info;
    },
    onChange: (listener) => known.onChange(listener),
    close: () => {
      known.close();
      return Promise.resolve();
    },
  };
}

function isReader(device: WebHidDevice, filter: WebHidFilter): boolean {
  return (
    device.vendorId === filter.vendorId &&
    device.productId === filter.productId &&
    device.collections.some(
      ({ usagePage, usage }) => usagePage === filter.usagePage && usage === filter.usage,
    )
  );
}
