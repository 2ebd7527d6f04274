import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { descriptorOfModel } from '../reader/acr38-reader.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '../usb/ports.ts';
import { openWebUsbPort } from '../usb/web-usb-open.ts';
import type { NodeUsbDevice } from './usb-readers.ts';
import type { UsbSystem } from './usb-readers.ts';
import { kindOf, infoOf } from './usb-readers.ts';
import { usbSystem } from './usb-sysfs.ts';

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

/** The driver of an interface that a program has. */
const PROGRAM = 'usbfs';

/** The bus over anything that enumerates like the `usb` package. */
export function usbBusOver(usb: NodeUsb, clock: Clock, system: UsbSystem = usbSystem()): UsbBus {
  return new NodeUsbBus(usb, clock, system);
}

/** A reader, and what it said of itself when it was first seen. */
interface Attached {
  readonly device: NodeUsbDevice;
  readonly info: UsbDeviceInfo;
}

class NodeUsbBus implements UsbBus {
  readonly #usb: NodeUsb;
  readonly #clock: Clock;
  readonly #system: UsbSystem;
  readonly #listeners = new Listeners<UsbDeviceInfo[]>();
  /** By id. What a device says of itself is asked once: with a transfer pending, the package answers nothing. */
  readonly #attached = new Map<string, Attached>();
  readonly #open = new WeakSet<Attached>();
  #closed = false;
  #plugs = 0;

  constructor(usb: NodeUsb, clock: Clock, system: UsbSystem) {
    this.#usb = usb;
    this.#clock = clock;
    this.#system = system;
    usb.addEventListener('connect', this.#onEvent);
    usb.addEventListener('disconnect', this.#onEvent);
  }

  async list(): Promise<UsbDeviceInfo[]> {
    return (await this.#look()).devices;
  }

  async open(id: string): Promise<UsbPort> {
    const attached = this.#attached.get(id);
    if (attached === undefined) {
      throw new UsbError({ code: 'usb.gone', message: 'The reader was unplugged; plug it in again.' });
    }
    const { device, info } = attached;
    // A second opening that fails would close the first.
    if (this.#open.has(attached)) {
      throw new UsbError({ code: 'usb.in-use', message: 'This program uses the reader already.' });
    }
    this.#open.add(attached);
    const closed = (): void => void this.#open.delete(attached);
    const opening = openWebUsbPort({
      closed,
      device,
      clock: this.#clock,
      info,
      descriptor: descriptorOfModel(info),
      gone: () => this.#attached.get(id) !== attached,
      detach: (interfaceNumber) => this.#detach(device, interfaceNumber),
    });
    opening.catch(closed);
    return opening;
  }

  /**
   * Takes the interface from the kernel's own driver, on Linux. Never from another program, of which the system speaks as of a
   * driver: that one may be writing a card.
   */
  async #detach(device: NodeUsbDevice, interfaceNumber: number): Promise<void> {
    const driver = this.#system.driverOf(device, interfaceNumber);
    if (driver === PROGRAM) throw new Error('the interface is in use by another program (EBUSY)');
    if (driver !== null) await device.detachKernelDriver(interfaceNumber).catch(() => undefined);
  }

  onChange(listener: (devices: UsbDeviceInfo[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#usb.removeEventListener('connect', this.#onEvent);
    this.#usb.removeEventListener('disconnect', this.#onEvent);
    this.#listeners.clear();
    return Promise.resolve();
  }

  /** Also says whether there is a device that could not be looked at. */
  async #look(): Promise<{ devices: UsbDeviceInfo[]; hidden: boolean }> {
    const found = await this.#usb.getDevices();
    // The object that a port is open on stays the device's, as long as it is plugged in.
    const known = new Map([...this.#attached.values()].map((each) => [each.device.handle, each]));
    const kinds = found.map((device) => (known.has(device.handle) ? 'reader' : kindOf(device, this.#system)));
    const readers = found
      .filter((_, i) => kinds[i] === 'reader')
      .map((device) => known.get(device.handle) ?? { device, info: infoOf(device) });
    this.#attached.clear();
    for (const reader of readers) this.#attached.set(reader.info.id, reader);
    return { devices: readers.map(({ info }) => info), hidden: kinds.includes('hidden') };
  }

  readonly #onEvent = (): void => {
    this.#onPlug().catch(() => undefined); // The next plug event lists again.
  };

  async #onPlug(): Promise<void> {
    const plug = ++this.#plugs;
    let told: string | undefined;
    for (let i = 0; i < PLUG_LOOKS && !this.#closed && plug === this.#plugs; i++) {
      if (i > 0) await this.#clock.sleep(PLUG_LOOK_MS);
      const { devices, hidden } = await this.#look();
      const ids = devices.map(({ id }) => id).join(' ');
      if (ids !== told) this.#listeners.emit(devices);
      told = ids;
      if (!hidden) return;
    }
  }
}
