import type { Clock } from '../clock.ts';
import { codeOf } from '../errors.ts';
import { Stop } from '../stop.ts';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '../usb/ports.ts';
import { openAcr38Reader } from './acr38-reader.ts';
import { openCcidReader } from './ccid-reader.ts';
import type { CcidReader } from './ccid-reader.ts';
import { Listeners } from './listeners.ts';
import { modelOf } from './models.ts';
import type { CardSlot } from './slot.ts';

/** The slots of all readers on a bus, as they come and go. */
export interface Readers {
  slots(): readonly CardSlot[];
  /** Calls back after a slot came or went; returns its own removal. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Opens every reader that is plugged in now or later, on one bus or on several: CCID ones, those from before CCID, and
 * HID ones by `hidReaderBus`. One that cannot be opened is reported to `onFault` with its device, and tried again every few
 * seconds where there is a clock: another program lets go of it, or somebody gives us the right. Resolves when each that is
 * plugged in now was tried.
 */
export async function watchReaders(
  buses: UsbBus | readonly UsbBus[],
  onFault: (device: UsbDeviceInfo, error: unknown) => void,
  clock?: Clock,
): Promise<Readers> {
  const listeners = new Listeners<undefined>();
  const watched = [buses].flat().map((bus) => new WatchedBus(bus, { listeners, onFault, clock }));
  await Promise.all(watched.map((bus) => bus.start()));
  return {
    slots: () => watched.flatMap((bus) => bus.slots()),
    onChange: (listener) => listeners.add(listener),
    close: async () => {
      listeners.clear();
      await Promise.all(watched.map((bus) => bus.close()));
    },
  };
}

/** Between two tries to open a reader that does not open, ms. */
const AGAIN_MS = 5_000;

interface WatchInit {
  readonly listeners: Listeners<undefined>;
  readonly onFault: (device: UsbDeviceInfo, error: unknown) => void;
  readonly clock: Clock | undefined;
}

/** The readers of one bus. */
class WatchedBus {
  readonly #bus: UsbBus;
  readonly #init: WatchInit;
  /** By id of the device; null for one that could not be opened. */
  readonly #open = new Map<string, CcidReader | null>();
  /** What was told last of one that could not be opened. */
  readonly #told = new Map<string, string | undefined>();
  readonly #closing = new Stop();
  #isTriedAgain = false;
  #work: Promise<void> = Promise.resolve();
  #off: (() => void) | undefined;

  constructor(bus: UsbBus, init: WatchInit) {
    this.#bus = bus;
    this.#init = init;
  }

  async start(): Promise<void> {
    this.#off = this.#bus.onChange((devices) => {
      this.#work = this.#work.then(() => this.#sync(devices));
    });
    await this.#sync(await this.#bus.list());
  }

  slots(): readonly CardSlot[] {
    return [...this.#open.values()].flatMap((reader) => reader?.slots ?? []);
  }

  async close(): Promise<void> {
    this.#closing.stop();
    this.#off?.();
    await this.#work;
    for (const reader of this.#open.values()) await reader?.close();
    await this.#bus.close();
  }

  async #sync(devices: readonly UsbDeviceInfo[]): Promise<void> {
    if (this.#closing.stopped) return;
    const ids = new Set(devices.map(({ id }) => id));
    for (const [id, reader] of this.#open) {
      if (ids.has(id)) continue;
      this.#open.delete(id);
      this.#told.delete(id);
      await reader?.close().catch(() => undefined);
    }
    for (const device of devices) if (!this.#open.has(device.id)) await this.#add(device);
    this.#init.listeners.emit(undefined);
  }

  async #add(device: UsbDeviceInfo): Promise<void> {
    this.#open.set(device.id, null);
    try {
      const port = await this.#bus.open(device.id);
      const reader = await openReader(port, this.#init.clock);
      this.#open.set(device.id, reader);
      this.#told.delete(device.id);
      void reader.gone.then(() => {
        if (this.#open.get(device.id) !== reader) return;
        this.#open.delete(device.id);
        this.#init.listeners.emit(undefined);
      });
    } catch (error) {
      const code = codeOf(error);
      // Once, however often it is tried.
      if (!this.#told.has(device.id) || this.#told.get(device.id) !== code) this.#init.onFault(device, error);
      this.#told.set(device.id, code);
      void this.#tryAgain();
    }
  }

  /** Goes on as long as there is one that could not be opened. */
  async #tryAgain(): Promise<void> {
    const { clock, listeners } = this.#init;
    if (clock === undefined || this.#isTriedAgain) return;
    this.#isTriedAgain = true;
    while (!this.#closing.stopped && this.#told.size > 0) {
      await clock.sleep(AGAIN_MS, this.#closing.signal).catch(() => undefined);
      this.#work = this.#work.then(async () => {
        if (this.#closing.stopped) return;
        const shut = (await this.#bus.list()).filter(({ id }) => this.#open.get(id) === null);
        for (const device of shut) await this.#add(device);
        if (shut.some(({ id }) => this.#open.get(id) !== null)) listeners.emit(undefined);
      });
      await this.#work;
    }
    this.#isTriedAgain = false;
  }
}

/**
 * By the model's transport. A reader from before CCID needs a clock; without one it is opened as CCID, and fails. What is no
 * reader, whatever it says of itself, is let go of.
 */
async function openReader(port: UsbPort, clock: Clock | undefined): Promise<CcidReader> {
  const acr38 = modelOf(port.info).transport === 'acr38';
  try {
    return acr38 && clock !== undefined ? openAcr38Reader(port, clock) : openCcidReader(port, clock);
  } catch (error) {
    await port.close().catch(() => undefined);
    throw error;
  }
}
