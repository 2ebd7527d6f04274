import { READER_MODELS } from '../reader/models.ts';
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

/**
 * Whether a device is a reader. Reading its configuration opens it, which may be forbidden: a model that we know is
 * then taken for a reader, so that opening it says so; any other is hidden.
 */
export function kindOf(device: NodeUsbDevice): 'reader' | 'other' | 'hidden' {
  const models = READER_MODELS.filter(({ vendorId }) => vendorId === device.vendorId);
  try {
    // Under the vendor's own class only where the vendor makes readers: modems and adapters look the same.
    const classes = models.length > 0 ? [SMART_CARD_CLASS, VENDOR_CLASS] : [SMART_CARD_CLASS];
    return findCcidInterface(device.configuration, classes) === undefined ? 'other' : 'reader';
  } catch {
    return models.some(({ productId }) => productId === device.productId) ? 'reader' : 'hidden';
  }
}

function idOf(device: NodeUsbDevice): string {
  return `${device.bus}:${device.address}`;
}

export function infoOf(device: NodeUsbDevice): UsbDeviceInfo {
  const [manufacturer, product, serialNumber] = [
    () => device.manufacturerName,
    () => device.productName,
    () => device.serialNumber,
  ].map(textOf);
  return {
    id: idOf(device),
    vendorId: device.vendorId,
    productId: device.productId,
    ...(manufacturer ? { manufacturer } : {}),
    ...(product ? { product } : {}),
    ...(serialNumber ? { serialNumber } : {}),
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
