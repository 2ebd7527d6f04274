import type { Clock } from '../clock.ts';
import { Listeners } from '../reader/listeners.ts';
import { READER_MODELS } from '../reader/models.ts';
import type { HidTransport, ReaderModel } from '../reader/models.ts';
import { UsbError } from '../usb/error.ts';
import { openHidPort } from '../usb/hid-port.ts';
import type { HidBus, HidDeviceInfo, HidPort } from '../usb/ports.ts';
import { nodeHidDevice } from './hid-device.ts';
import type { NodeHid, NodeHidInfo } from './hid-device.ts';
import { watchPlugs } from './hid-plugs.ts';
import type { PlugSource } from './hid-plugs.ts';

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

interface Attached {
  readonly info: HidDeviceInfo;
  readonly path: string;
  readonly transport: HidTransport;
}

/** The bus over anything that enumerates like the `node-hid` package. */
export function hidBusOver(hid: NodeHid, init: HidBusInit): HidBus {
  const { clock, plugs, models = READER_MODELS } = init;
  const listeners = new Listeners<HidDeviceInfo[]>();
  let attached = new Map<string, Attached>();
  let told = '';
  let closed = false;
  let events = 0;

  const devices = (): HidDeviceInfo[] => [...attached.values()].map(({ info }) => info);
  const look = async (): Promise<HidDeviceInfo[]> => {
    const found = (await hid.devicesAsync()).flatMap((device) => {
      const entry = readerOf(device, models);
      return entry === undefined ? [] : [[entry.path, entry] as const];
    });
    attached = new Map(found);
    return devices();
  };
  const tell = (): void => {
    const now = [...attached.keys()].join('\n');
    if (now === told) return;
    told = now;
    listeners.emit(devices());
  };
  const onEvent = async (): Promise<void> => {
    const event = ++events;
    for (let i = 0; i < LOOKS && !closed && event === events; i++) {
      if (i > 0) await clock.sleep(LOOK_MS);
      await look();
      tell();
    }
  };
  const looks = (): void => {
    onEvent().catch(() => undefined); // The next event lists again.
  };
  const offPlugs = plugs(looks);

  /** A device that was pulled and put back between two looks has the same path: it is told of as gone first. */
  const lost = (path: string): void => {
    if (closed) return;
    attached.delete(path);
    tell();
    looks();
  };

  const openOnce = ({ path, info, transport }: Attached): Promise<HidPort> =>
    openHidPort({
      clock,
      info,
      device: nodeHidDevice(hid, {
        path,
        numbered: transport.framing.inReportId !== 0,
        onLost: () => {
          lost(path);
        },
      }),
    });

  return {
    list: async () => {
      const list = await look();
      told = [...attached.keys()].join('\n');
      return list;
    },
    open: async (id) => {
      for (let i = 1; ; i++) {
        const device = attached.get(id);
        if (device === undefined) throw gone();
        try {
          return await openOnce(device);
        } catch (error) {
          if (i === LOOKS) throw error;
          await clock.sleep(LOOK_MS);
        }
      }
    },
    onChange: (listener) => listeners.add(listener),
    close: () => {
      closed = true;
      offPlugs();
      listeners.clear();
      return Promise.resolve();
    },
  };
}

/** A device of the table, and the collection of it that carries the reports. */
function readerOf(device: NodeHidInfo, models: readonly ReaderModel[]): Attached | undefined {
  const { path, vendorId, productId, usagePage, usage } = device;
  const transport = models.find((model) => model.vendorId === vendorId && model.productId === productId)?.hid;
  if (path === undefined || transport === undefined) return undefined;
  // Not every platform says the usage; the numbers alone have to do there.
  if (usagePage !== undefined && usagePage !== 0 && usagePage !== transport.usagePage) return undefined;
  if (usage !== undefined && usage !== 0 && usage !== transport.usage) return undefined;
  const { manufacturer, product, serialNumber } = device;
  const info: HidDeviceInfo = {
    id: path,
    vendorId,
    productId,
    ...(usagePage === undefined ? {} : { usagePage }),
    ...(usage === undefined ? {} : { usage }),
    ...(manufacturer ? { manufacturer } : {}),
    ...(product ? { product } : {}),
    ...(serialNumber ? { serialNumber } : {}),
  };
  return { info, path, transport };
}
