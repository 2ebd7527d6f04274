import type { Clock } from '../clock.ts';
import { descriptorOfModel } from '../reader/acr38-reader.ts';
import { READER_MODELS } from '../reader/models.ts';
import type { ReaderModel } from '../reader/models.ts';
import { deviceTexts } from '../usb/device-text.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus, UsbDeviceInfo } from '../usb/ports.ts';
import { openWebUsbPort } from '../usb/web-usb-open.ts';
import { findCcidInterface, VENDOR_CLASS } from '../usb/web-usb.ts';
import type { WebUsbDevice } from '../usb/web-usb.ts';
import { KnownDevices } from './known-devices.ts';
import type { DeviceSource } from './known-devices.ts';

export interface WebUsbFilter {
  readonly vendorId: number;
  readonly classCode: number;
}

/** `navigator.usb`. */
export interface WebUsb extends DeviceSource<WebUsbDevice> {
  /** Rejects where the person chooses nothing. */
  requestDevice(options: { readonly filters: readonly WebUsbFilter[] }): Promise<WebUsbDevice>;
}

export interface WebUsbBus extends UsbBus {
  /**
   * Asks the person for a reader; only in answer to a click. Resolves with what was chosen, undefined for nothing
   * that we can use; listeners are told of it.
   */
  request(): Promise<UsbDeviceInfo | undefined>;
}

/**
 * Readers in a browser, of the vendor's own class only: browsers keep the smart-card and HID classes from pages
 * (WICG WebUSB §"Protected Interface Classes"), so that an ordinary CCID reader is never offered here. HID ones may
 * be had by WebHID. Where the system's own driver holds an interface, opening it is `usb.permission`.
 */
export function webUsbBus(
  usb: WebUsb,
  clock: Clock,
  models: readonly ReaderModel[] = READER_MODELS,
): WebUsbBus {
  const vendors = [...new Set(models.map(({ vendorId }) => vendorId))];
  const known = new KnownDevices<WebUsbDevice, UsbDeviceInfo>(usb, (device, id) =>
    vendors.includes(device.vendorId) && findCcidInterface(device.configuration, [VENDOR_CLASS]) !== undefined
      ? infoOf(device, id)
      : undefined,
  );
  return {
    list: () => known.list(),
    open: (id) => {
      const found = known.find(id);
      if (found === undefined) {
        const message = 'The reader was unplugged; plug it in again.';
        return Promise.reject(new UsbError({ code: 'usb.gone', message }));
      }
      return openWebUsbPort({
        ...found,
        clock,
        descriptor: descriptorOfModel(found.device),
        gone: () => known.find(id)?.device !== found.device,
      });
    },
    request: async () => {
      const filters = vendors.map((vendorId) => ({ vendorId, classCode: VENDOR_CLASS }));
      const device = await usb.requestDevice({ filters }).catch(() => undefined);
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

function infoOf(device: WebUsbDevice, id: string): UsbDeviceInfo {
  const { manufacturerName: manufacturer, productName: product, serialNumber } = device;
  return {
    id,
    vendorId: device.vendorId,
    productId: device.productId,
    ...deviceTexts({ manufacturer, product, serialNumber }),
  };
}
