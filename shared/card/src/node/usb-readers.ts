import { READER_MODELS } from '../reader/models.ts';
import { deviceTexts } from '../usb/device-text.ts';
import type { UsbDeviceInfo } from '../usb/ports.ts';
import { findCcidInterface, SMART_CARD_CLASS, VENDOR_CLASS } from '../usb/web-usb.ts';
import type { WebUsbDevice } from '../usb/web-usb.ts';

/** What the `usb` package adds to WebUSB: where a device is plugged in, and the system's own driver. */
export interface NodeUsbDevice extends WebUsbDevice {
  /** One for each time that a device is plugged in; enumerating gives a new object for it every time. */
  readonly handle: string;
  readonly bus: string;
  readonly address: number;
  detachKernelDriver(interfaceNumber: number): Promise<void>;
}

/** Where a device is plugged in, as the `usb` package says it: `001`, 2. */
export interface UsbPlace {
  readonly bus: string;
  readonly address: number;
}

/** What the system tells everybody of a USB device, opened or not. */
export interface UsbSystem {
  /** bInterfaceClass of each of its interfaces; undefined where the system does not tell. */
  interfaceClasses(place: UsbPlace): number[] | undefined;
  /** The driver that has an interface: `usbfs` is another program; null for none, undefined where the system does not tell. */
  driverOf(place: UsbPlace, interfaceNumber: number): string | null | undefined;
}

/**
 * Whether a device is a reader. Reading its configuration opens it, which may be forbidden: what the system tells of it, or a
 * model that we know, is then taken for a reader, so that opening it says so; any other is hidden.
 */
export function kindOf(device: NodeUsbDevice, system: UsbSystem): 'reader' | 'other' | 'hidden' {
  const models = READER_MODELS.filter(({ vendorId }) => vendorId === device.vendorId);
  try {
    // Under the vendor's own class only where the vendor makes readers: modems and adapters look the same.
    const classes = models.length > 0 ? [SMART_CARD_CLASS, VENDOR_CLASS] : [SMART_CARD_CLASS];
    return findCcidInterface(device.configuration, classes) === undefined ? 'other' : 'reader';
  } catch {
    const isReader = system.interfaceClasses(device)?.includes(SMART_CARD_CLASS) === true;
    return isReader || models.some(({ productId }) => productId === device.productId) ? 'reader' : 'hidden';
  }
}

function idOf(device: NodeUsbDevice): string {
  return `${device.bus}:${device.address}`;
}

export function infoOf(device: NodeUsbDevice): UsbDeviceInfo {
  return {
    id: idOf(device),
    vendorId: device.vendorId,
    productId: device.productId,
    ...deviceTexts({
      manufacturer: textOf(() => device.manufacturerName),
      product: textOf(() => device.productName),
      serialNumber: textOf(() => device.serialNumber),
    }),
  };
}

/** Names may have to be read from the device, which may be forbidden. */
function textOf(read: () => string | null | undefined): string | null | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
