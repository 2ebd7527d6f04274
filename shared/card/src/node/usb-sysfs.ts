import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { UsbPlace, UsbSystem } from './usb-readers.ts';

const DEVICES = '/sys/bus/usb/devices';

/** Linux' sysfs (Linux: Documentation/ABI/testing/sysfs-bus-usb); elsewhere nothing is told. */
export function usbSystem(devices = DEVICES): UsbSystem {
  return {
    interfaceClasses: (place) =>
      interfacesOf(devices, place)?.map((path) => Number.parseInt(textOf(path, 'bInterfaceClass') ?? '', 16)),
    driverOf: (place, interfaceNumber) => {
      const path = interfacesOf(devices, place)?.find(
        (each) => Number.parseInt(textOf(each, 'bInterfaceNumber') ?? '', 16) === interfaceNumber,
      );
      if (path === undefined) return undefined;
      try {
        return basename(readlinkSync(join(path, 'driver')));
      } catch {
        return null;
      }
    },
  };
}

/** Folders of a device's interfaces: `1-2` has `1-2:1.0`. */
function interfacesOf(devices: string, { bus, address }: UsbPlace): string[] | undefined {
  try {
    const names = readdirSync(devices);
    const is = (name: string, file: string, number: number): boolean =>
      Number(textOf(join(devices, name), file)) === number;
    const device = names.find(
      (name) => !name.includes(':') && is(name, 'busnum', Number(bus)) && is(name, 'devnum', address),
    );
    if (device === undefined) return undefined;
    return names.filter((name) => name.startsWith(`${device}:`)).map((name) => join(devices, name));
  } catch {
    return undefined;
  }
}

function textOf(path: string, file: string): string | undefined {
  try {
    return readFileSync(join(path, file), 'utf8').trim();
  } catch {
    return undefined;
  }
}
