import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { READER_MODELS } from '../reader/models.ts';
import type { ReaderModel } from '../reader/models.ts';
import { UsbError } from '../usb/error.ts';
import { openHidPort } from '../usb/hid-port.ts';
import type { HidBus, HidDeviceInfo, HidPort } from '../usb/ports.ts';
import { nodeHidDevice } from './hid-device.ts';
import type { NodeHid } from './hid-device.ts';
import { watchPlugs } from './hid-plugs.ts';
import type { PlugSource } from './hid-plugs.ts';
import type { Attached } from './hid-readers.ts';
import { readerOf } from './hid-readers.ts';

export interface HidBusInit {
  readonly clock: Clock;
  /** Which devices are readers: those of the table when absent. */
  readonly models?: readonly ReaderModel[];
  /** What tells that something was plugged in or out. */
  readonly plugs: PlugSource;
}

/** The machine's HID readers. Fails where the `node-hid` package does not load. Without any to look for, it does not look. */
export async function openHidBus(
  clock: Clock,
  models: readonly ReaderModel[] = READER_MODELS,
): Promise<HidBus> {
  if (models.every(({ hid }) => hid === undefined)) return NOTHING;
  const hid = (await import('node-hid')) as unknown as { readonly default: NodeHid };
  return hidBusOver(hid.default, { clock, models, plugs: await watchPlugs(clock) });
}

/** HID devices are there a moment after the plug, and may be opened a moment after that: looks, and ms between. */
const LOOKS = 6;
const LOOK_MS = 300;

/** A bus without devices. */
const NOTHING: HidBus = {
  list: () => Promise.resolve([]),
  open: () => Promise.reject(gone()),
  onChange: () => () => undefined,
  close: () => Promise.resolve(),
};

function gone(): UsbError {
  return new UsbError({ code: 'usb.gone', message: 'The reader was unplugged; plug it in again.' });
}

/** The bus over anything that enumerates like the `node-hid` package. */
export function hidBusOver(hid: NodeHid, init: HidBusInit): HidBus {
  return new NodeHidBus(hid, init);
}

class NodeHidBus implements HidBus {
  readonly #hid: NodeHid;
  readonly #clock: Clock;
  readonly #models: readonly ReaderModel[];
  readonly #listeners = new Listeners<HidDeviceInfo[]>();
  readonly #offPlugs: () => void;
  #attached = new Map<string, Attached>();
  #told = '';
  #closed = false;
  #events = 0;

  constructor(hid: NodeHid, { clock, plugs, models = READER_MODELS }: HidBusInit) {
    this.#hid = hid;
    this.#clock = clock;
    this.#models = models;
    this.#offPlugs = plugs(() => {
      this.#looks();
    });
  }

  async list(): Promise<HidDeviceInfo[]> {
    const list = await this.#look();
    this.#told = [...this.#attached.keys()].join('\n');
    return list;
  }

  async open(id: string): Promise<HidPort> {
    for (let i = 1; ; i++) {
      const device = this.#attached.get(id);
      if (device === undefined) throw gone();
      try {
        return await this.#openOnce(device);
      } catch (error) {
        if (i === LOOKS) throw error;
        await this.#clock.sleep(LOOK_MS);
      }
    }
  }

  onChange(listener: (devices: HidDeviceInfo[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#offPlugs();
    this.#listeners.clear();
    return Promise.resolve();
  }

  #devices(): HidDeviceInfo[] {
    return [...this.#attached.values()].map(({ info }) => info);
  }

  async #look(): Promise<HidDeviceInfo[]> {
    const found = (await this.#hid.devicesAsync()).flatMap((device) => {
      const entry = readerOf(device, this.#models);
      return entry === undefined ? [] : [[entry.path, entry] as const];
    });
    this.#attached = new Map(found);
    return this.#devices();
  }

  #tell(): void {
    const now = [...this.#attached.keys()].join('\n');
    if (now === this.#told) return;
    this.#told = now;
    this.#listeners.emit(this.#devices());
  }

  #looks(): void {
    this.#onEvent().catch(() => undefined); // The next event lists again.
  }

  async #onEvent(): Promise<void> {
    const event = ++this.#events;
    for (let i = 0; i < LOOKS && !this.#closed && event === this.#events; i++) {
      if (i > 0) await this.#clock.sleep(LOOK_MS);
      await this.#look();
      this.#tell();
    }
  }

  /** A device that was pulled and put back between two looks has the same path: it is told of as gone first. */
  #lost(path: string): void {
    if (this.#closed) return;
    this.#attached.delete(path);
    this.#tell();
    this.#looks();
  }

  #openOnce({ path, info, transport }: Attached): Promise<HidPort> {
    return openHidPort({
      clock: this.#clock,
      info,
      device: nodeHidDevice(this.#hid, {
        path,
        numbered: transport.framing.inReportId !== 0,
        onLost: () => {
          this.#lost(path);
        },
      }),
    });
  }
}
