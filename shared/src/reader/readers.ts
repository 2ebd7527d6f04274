import type { UsbBus, UsbDeviceInfo } from '../usb/ports.ts';
import { openCcidReader } from './ccid-reader.ts';
import type { CcidReader } from './ccid-reader.ts';
import { Listeners } from './listeners.ts';
import type { CardSlot } from './slot.ts';

/** The slots of all readers on a bus, as they come and go. */
export interface Readers {
  slots(): readonly CardSlot[];
  /** Calls back after a slot came or went; returns its own removal. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Opens every reader that is plugged in now or later. One that cannot be opened is reported to `onFault` with its
 * device and left alone until it is plugged in again. Resolves when those plugged in now are open.
 */
export async function watchReaders(
  bus: UsbBus,
  onFault: (device: UsbDeviceInfo, error: unknown) => void,
): Promise<Readers> {
  const listeners = new Listeners<undefined>();
  const open = new Map<string, CcidReader | null>();
  let closed = false;
  let work: Promise<void> = Promise.resolve();

  const add = async (device: UsbDeviceInfo): Promise<void> => {
    open.set(device.id, null);
    try {
      const reader = openCcidReader(await bus.open(device.id));
      open.set(device.id, reader);
      void reader.gone.then(() => {
        if (open.get(device.id) !== reader) return;
        open.delete(device.id);
        listeners.emit(undefined);
      });
    } catch (error) {
      onFault(device, error);
    }
  };

  const sync = async (devices: readonly UsbDeviceInfo[]): Promise<void> => {
    if (closed) return;
    const ids = new Set(devices.map(({ id }) => id));
    for (const [id, reader] of open) {
      if (ids.has(id)) continue;
      open.delete(id);
      await reader?.close().catch(() => undefined);
    }
    for (const device of devices) if (!open.has(device.id)) await add(device);
    listeners.emit(undefined);
  };

  const off = bus.onChange((devices) => {
    work = work.then(() => sync(devices));
  });
  await sync(await bus.list());
  return {
    slots: () => [...open.values()].flatMap((reader) => reader?.slots ?? []),
    onChange: (listener) => listeners.add(listener),
    close: async () => {
      closed = true;
      off();
      await work;
      listeners.clear();
      for (const reader of open.values()) await reader?.close();
      await bus.close();
    },
  };
}
