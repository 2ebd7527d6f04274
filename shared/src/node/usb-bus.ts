import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus, UsbDeviceInfo } from '../usb/ports.ts';
import { openWebUsbPort } from '../usb/web-usb-port.ts';
import { findCcidInterface } from '../usb/web-usb.ts';
import type { WebUsbDevice } from '../usb/web-usb.ts';

/** What the `usb` package adds to WebUSB: where a device is plugged in, and the system's own driver. */
export interface NodeUsbDevice extends WebUsbDevice {
  readonly bus: string;
  readonly address: number;
  detachKernelDriver(interfaceNumber: number): Promise<void>;
}

/** The part of the `usb` package that the bus needs. */
export interface NodeUsb {
  getDevices(): Promise<readonly NodeUsbDevice[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
  removeEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
}

/** The machine's own USB bus. Fails where the `usb` package does not load or there is no USB at all. */
export async function openUsbBus(clock: Clock): Promise<UsbBus> {
  const { usb } = await import('usb');
  const devices = usb as unknown as NodeUsb;
  // Listening on a machine without USB ends the process from inside the package: ask first.
  await devices.getDevices();
  return usbBusOver(devices, clock);
}

/** The bus over anything that enumerates like the `usb` package. */
export function usbBusOver(usb: NodeUsb, clock: Clock): UsbBus {
  const listeners = new Listeners<UsbDeviceInfo[]>();
  const attached = new Map<string, NodeUsbDevice>();

  const list = async (): Promise<UsbDeviceInfo[]> => {
    const readers = (await usb.getDevices()).filter(
      (device) => findCcidInterface(device.configuration) !== undefined,
    );
    attached.clear();
    for (const device of readers) attached.set(idOf(device), device);
    return readers.map(infoOf);
  };
  const onPlug = (): void => {
    void list().then(
      (devices) => {
        listeners.emit(devices);
      },
      () => undefined, // The next plug event lists again.
    );
  };
  usb.addEventListener('connect', onPlug);
  usb.addEventListener('disconnect', onPlug);

  return {
    list,
    open: async (id) => {
      const device = attached.get(id);
      if (device === undefined) {
        throw new UsbError({ code: 'usb.gone', message: 'The reader was unplugged; plug it in again.' });
      }
      return openWebUsbPort({
        device,
        clock,
        info: infoOf(device),
        gone: () => attached.get(id) !== device,
        // Linux only; elsewhere, and where no driver holds the interface, there is nothing to detach.
        detach: (interfaceNumber) => device.detachKernelDriver(interfaceNumber).catch(() => undefined),
      });
    },
    onChange: (listener) => listeners.add(listener),
    close: () => {
      usb.removeEventListener('connect', onPlug);
      usb.removeEventListener('disconnect', onPlug);
      listeners.clear();
      return Promise.resolve();
    },
  };
}

function idOf(device: NodeUsbDevice): string {
  return `${device.bus}:${device.address}`;
}

function infoOf(device: NodeUsbDevice): UsbDeviceInfo {
  return {
    id: idOf(device),
    vendorId: device.vendorId,
    productId: device.productId,
    ...(device.manufacturerName ? { manufacturer: device.manufacturerName } : {}),
    ...(device.productName ? { product: device.productName } : {}),
    ...(device.serialNumber ? { serialNumber: device.serialNumber } : {}),
  };
}
