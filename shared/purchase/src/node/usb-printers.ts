import { findPrinterInterface } from '@bianmin/card/usb/web-usb';
import type { NodeUsb } from '@bianmin/card/node/usb-bus';
import type { NodeUsbDevice } from '@bianmin/card/node/usb-readers';

/** Printers (class 7) on the machine's USB bus now. Fails where the `usb` package does not load or there is no USB at all. */
export async function usbPrinters(): Promise<NodeUsbDevice[]> {
  const { usb } = await import('usb');
  return printersOf(usb as unknown as NodeUsb);
}

/** The same over anything that enumerates like the `usb` package. */
export async function printersOf(usb: Pick<NodeUsb, 'getDevices'>): Promise<NodeUsbDevice[]> {
  const devices = await usb.getDevices();
  return devices.filter((device) => {
    try {
      return findPrinterInterface(device.configuration) !== undefined;
    } catch {
      // Reading a configuration opens the device, which may be forbidden: of such a one nothing is known.
      return false;
    }
  });
}
