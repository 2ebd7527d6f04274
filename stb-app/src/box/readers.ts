import { codeOf } from '@bianmin/card/errors';
import { Listeners } from '@bianmin/card/reader/listeners';
import { watchReaders, type Readers } from '@bianmin/card/reader/readers';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { UsbBus, UsbDeviceInfo } from '@bianmin/card/usb/ports';
import { openAndroidUsbBus } from '@bianmin/purchase/android/usb-bus';
import type { AndroidUsbBusInit } from '@bianmin/purchase/android/usb-bus';
import type { SlotSource } from '@bianmin/purchase/purchase/ports';

/** A device that is plugged in and is no use as it is. */
export interface ReaderFault {
  /** As it names itself, else its USB numbers. */
  readonly name: string;
  /** `usb.permission`: a person did not allow it. Anything else: it is not one that we can use. */
  readonly code: string;
}

/** The box's readers as they come and go, and those that cannot be used. */
export class BoxReaders implements SlotSource {
  readonly #init: AndroidUsbBusInit;
  readonly #onFault: (where: string, error: unknown) => void;
  readonly #listeners = new Listeners<undefined>();
  readonly #faults = new Map<string, ReaderFault>();
  #bus: UsbBus | undefined;
  #readers: Readers | undefined;

  constructor(init: AndroidUsbBusInit & { readonly onFault: (where: string, error: unknown) => void }) {
    this.#init = init;
    this.#onFault = init.onFault;
  }

  /** Opens what is plugged in. Called again it lets go of all and asks anew, for a reader that was not allowed. */
  async open(): Promise<void> {
    await this.#readers?.close();
    this.#faults.clear();
    const bus = await openAndroidUsbBus(this.#init);
    this.#bus = bus;
    bus.onChange((devices) => {
      this.#forget(devices);
    });
    this.#readers = await watchReaders(
      bus,
      (device, error) => {
        this.#faults.set(device.id, { name: nameOf(device), code: codeOf(error) ?? 'unexpected' });
        this.#onFault(`reader ${nameOf(device)}`, error);
        this.#tell();
      },
      this.#init.clock,
    );
    this.#readers.onChange(() => {
      this.#tell();
    });
    this.#tell();
  }

  slots(): readonly CardSlot[] {
    return this.#readers?.slots() ?? [];
  }

  get faults(): readonly ReaderFault[] {
    const faults: ReaderFault[] = [];
    this.#faults.forEach((fault) => faults.push(fault));
    return faults;
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#readers?.close();
    await this.#bus?.close();
  }

  #forget(devices: readonly UsbDeviceInfo[]): void {
    const ids = devices.map(({ id }) => id);
    this.#faults.forEach((_, id) => {
      if (ids.indexOf(id) < 0) this.#faults.delete(id);
    });
    this.#tell();
  }

  #tell(): void {
    this.#listeners.emit(undefined);
  }
}

function nameOf({ manufacturer, product, vendorId, productId }: UsbDeviceInfo): string {
  const named = [manufacturer, product].filter((part) => part !== undefined && part !== '').join(' ');
  return named === '' ? `USB ${hex(vendorId)}:${hex(productId)}` : named;
}

function hex(value: number): string {
  return `000${value.toString(16)}`.slice(-4);
}
