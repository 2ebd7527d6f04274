import type { Clock } from '@bianmin/card/clock';
import { descriptorOfModel } from '@bianmin/card/reader/acr38-reader';
import { Listeners } from '@bianmin/card/reader/listeners';
import { READER_MODELS } from '@bianmin/card/reader/models';
import { Stop } from '@bianmin/card/stop';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '@bianmin/card/usb/ports';
import { BRIDGE_VERSION, parseDevices } from './bridge.ts';
import type { AndroidUsbBridge, AndroidUsbPage } from './bridge.ts';
import { bridgeError, BridgeLink } from './bridge-link.ts';
import { AndroidUsbPort } from './usb-port.ts';

export interface AndroidUsbBusInit {
  readonly bridge: AndroidUsbBridge;
  readonly clock: Clock;
  /** Puts what the shell calls where it finds it: on the page's global object, under the name agreed on. */
  readonly install: (page: AndroidUsbPage) => void;
}

/** Questions that the shell answers from what it knows. */
const QUICK_MS = 1_000;
/** Opening may wait for a person to allow it. */
const OPEN_MS = 60_000;

/** The box's USB bus. Rejects with a `UsbError` where the shell does not answer as agreed. */
export async function openAndroidUsbBus({ bridge, clock, install }: AndroidUsbBusInit): Promise<UsbBus> {
  const bus = new AndroidUsbBus(new BridgeLink(bridge, clock));
  install(bus.page);
  await bus.start();
  return bus;
}

class AndroidUsbBus implements UsbBus {
  readonly #link: BridgeLink;
  readonly #listeners = new Listeners<UsbDeviceInfo[]>();
  /** Of each device that is attached, with what ends its ports. */
  readonly #attached = new Map<string, { info: UsbDeviceInfo; gone: Stop }>();

  constructor(link: BridgeLink) {
    this.#link = link;
  }

  readonly page: AndroidUsbPage = {
    answer: (id, answer) => {
      this.#link.answer(id, answer);
    },
    changed: (text) => {
      const devices = parseDevices(text);
      if (devices === undefined) return;
      this.#take(devices);
      this.#listeners.emit(this.#devices());
    },
  };

  async start(): Promise<void> {
    const vendors = READER_MODELS.map(({ vendorId }) => vendorId);
    const request = {
      op: 'hello',
      version: BRIDGE_VERSION,
      vendors: vendors.filter((vendor, i) => vendors.indexOf(vendor) === i),
    } as const;
    const { devices = [] } = await this.#link.ask({ request, timeoutMs: QUICK_MS });
    this.#take(devices);
  }

  async list(): Promise<UsbDeviceInfo[]> {
    const { devices = [] } = await this.#link.ask({ request: { op: 'list' }, timeoutMs: QUICK_MS });
    this.#take(devices);
    return this.#devices();
  }

  async open(id: string): Promise<UsbPort> {
    const device = this.#attached.get(id);
    if (device === undefined) throw bridgeError('usb.gone');
    const { info, gone } = device;
    const request = { op: 'open', device: id } as const;
    const opened = await this.#link.ask({
      request,
      timeoutMs: OPEN_MS,
      gone,
      // Allowed after all, when the wait is over.
      late: ({ port }) => {
        if (port !== undefined) this.#forget(port);
      },
    });
    const { port, packetSize } = opened;
    const ccidDescriptor = descriptorOfModel(info) ?? opened.ccidDescriptor;
    if (port === undefined || ccidDescriptor === undefined) throw bridgeError('usb.io');
    const ended = new Stop();
    gone.signal.addEventListener('abort', () => {
      ended.stop();
    });
    return new AndroidUsbPort({ link: this.#link, info, port, ccidDescriptor, packetSize, gone: ended });
  }

  onChange(listener: (devices: UsbDeviceInfo[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  close(): Promise<void> {
    this.#listeners.clear();
    return Promise.resolve();
  }

  #take(devices: readonly UsbDeviceInfo[]): void {
    const ids = devices.map(({ id }) => id);
    this.#attached.forEach(({ gone }, id) => {
      if (ids.indexOf(id) >= 0) return;
      this.#attached.delete(id);
      gone.stop();
    });
    for (const info of devices) {
      if (!this.#attached.has(info.id)) this.#attached.set(info.id, { info, gone: new Stop() });
    }
  }

  #devices(): UsbDeviceInfo[] {
    const devices: UsbDeviceInfo[] = [];
    this.#attached.forEach(({ info }) => devices.push(info));
    return devices;
  }

  #forget(port: string): void {
    this.#link.ask({ request: { op: 'close', port }, timeoutMs: QUICK_MS }).catch(() => undefined);
  }
}
