import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { descriptorOfModel } from '../reader/acr38-reader.ts';
import { READER_MODELS } from '../reader/models.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus, UsbDeviceInfo } from '../usb/ports.ts';
import { openWebUsbPort } from '../usb/web-usb-port.ts';
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

/** The system lets us look at a device a moment after it tells of it (udev sets the rights): looks, and ms between. */
const PLUG_LOOKS = 6;
const PLUG_LOOK_MS = 300;

/** The bus over anything that enumerates like the `usb` package. */
export function usbBusOver(usb: NodeUsb, clock: Clock): UsbBus {
  const listeners = new Listeners<UsbDeviceInfo[]>();
  const attached = new Map<string, NodeUsbDevice>();
  let closed = false;
  let plugs = 0;

  /** Also says whether there is a device that could not be looked at. */
  const look = async (): Promise<{ devices: UsbDeviceInfo[]; hidden: boolean }> => {
    const found = await usb.getDevices();
    const kinds = found.map((device) => kindOf(device, attached.get(idOf(device))));
    const readers = found.filter((_, i) => kinds[i] === 'reader');
    const here = new Set(readers.map(idOf));
    for (const id of attached.keys()) if (!here.has(id)) attached.delete(id);
    for (const device of readers) {
      // The object that a port is open on stays the device's, as long as it is plugged in.
      if (attached.get(idOf(device))?.handle !== device.handle) attached.set(idOf(device), device);
    }
    return { devices: [...attached.values()].map(infoOf), hidden: kinds.includes('hidden') };
  };

  const onPlug = async (): Promise<void> => {
    const plug = ++plugs;
    let told: string | undefined;
    for (let i = 0; i < PLUG_LOOKS && !closed && plug === plugs; i++) {
      if (i > 0) await clock.sleep(PLUG_LOOK_MS);
      const { devices, hidden } = await look();
      const ids = devices.map(({ id }) => id).join(' ');
      if (ids !== told) listeners.emit(devices);
      told = ids;
      if (!hidden) return;
    }
  };
  const onEvent = (): void => {
    onPlug().catch(() => undefined); // The next plug event lists again.
  };
  usb.addEventListener('connect', onEvent);
  usb.addEventListener('disconnect', onEvent);

  return {
    list: async () => (await look()).devices,
    open: async (id) => {
      const device = attached.get(id);
      if (device === undefined) {
        throw new UsbError({ code: 'usb.gone', message: 'The reader was unplugged; plug it in again.' });
      }
      return openWebUsbPort({
        device,
        clock,
        info: infoOf(device),
        descriptor: descriptorOfModel(device),
        gone: () => attached.get(id) !== device,
        // Linux only; elsewhere, and where no driver holds the interface, there is nothing to detach.
        detach: (interfaceNumber) => device.detachKernelDriver(interfaceNumber).catch(() => undefined),
      });
    },
    onChange: (listener) => listeners.add(listener),
    close: () => {
      closed = true;
      usb.removeEventListener('connect', onEvent);
      usb.removeEventListener('disconnect', onEvent);
      listeners.clear();
      return Promise.resolve();
    },
  };
}

/**
 * Whether a device is a reader. Reading its configuration opens it, which may be forbidden: a model that we know is
 * then taken for a reader, so that opening it says so; any other is hidden.
 */
function kindOf(device: NodeUsbDevice, known: NodeUsbDevice | undefined): 'reader' | 'other' | 'hidden' {
  if (known?.handle === device.handle) return 'reader';
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

function infoOf(device: NodeUsbDevice): UsbDeviceInfo {
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
