import { Listeners } from '../reader/listeners.ts';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '../usb/ports.ts';
import { usbError } from './sim-pipes.ts';
import type { SimulatedReader } from './sim-reader.ts';

/** A bus of simulated readers, with hot plug. */
export class SimulatedBus implements UsbBus {
  readonly #readers = new Map<string, SimulatedReader>();
  readonly #listeners = new Listeners<UsbDeviceInfo[]>();

  plug(reader: SimulatedReader): void {
    this.#readers.set(reader.info.id, reader);
    this.#listeners.emit(this.#devices());
  }

  unplug(reader: SimulatedReader): void {
    this.#readers.delete(reader.info.id);
    reader.unplug();
    this.#listeners.emit(this.#devices());
  }

  list(): Promise<UsbDeviceInfo[]> {
    return Promise.resolve(this.#devices());
  }

  open(id: string): Promise<UsbPort> {
    const reader = this.#readers.get(id);
    return reader === undefined ? Promise.reject(usbError('usb.gone')) : Promise.resolve(reader.attach());
  }

  onChange(listener: (devices: UsbDeviceInfo[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }

  #devices(): UsbDeviceInfo[] {
    return [...this.#readers.values()].map(({ info }) => info);
  }
}
