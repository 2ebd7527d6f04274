import { codeOf } from '@bianmin/card/errors';
import { openChildSlots } from '@bianmin/card/node/child-slots';
import type { ReaderChild } from '@bianmin/card/node/guarded-child';
import { openPcscPort } from '@bianmin/card/node/pcsc-port';
import { forkReaderChild, type ReaderDriver } from '@bianmin/card/node/reader-fork';
import { systemClock } from '@bianmin/card/node/system-clock';
import { READER_MODELS } from '@bianmin/card/reader/models';
import { watchPcscReaders } from '@bianmin/card/reader/pcsc-readers';
import { watchReaders } from '@bianmin/card/reader/readers';
import type { UsbBus } from '@bianmin/card/usb/ports';
import type { SlotSource } from '@bianmin/purchase/purchase/ports';

export interface OpenSlots extends SlotSource {
  close(): Promise<void>;
}

/** Whether there is any to look for. */
const HAS_HID = READER_MODELS.some(({ hid }) => hid !== undefined);

/** Starts the process that drives readers by one way. */
export type StartReaderChild = (driver: ReaderDriver) => ReaderChild;

export interface SlotsInit {
  /** The sandbox's simulated reader; absent in the field. */
  readonly sandbox: { readonly url: string; readonly readerId: string } | undefined;
  readonly startReaderChild?: StartReaderChild | undefined;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * Every reader that there is: those plugged in here, and the sandbox's. Real ones come first. A kind that this
 * machine cannot offer is reported and left out.
 */
export async function openSlots(init: SlotsInit): Promise<OpenSlots> {
  const { sandbox, startReaderChild = forkReaderChild, onFault } = init;
  const clock = systemClock;
  const driven = (driver: ReaderDriver): Promise<OpenSlots> =>
    openChildSlots({ clock, onFault, start: () => startReaderChild(driver) });
  const watch = (bus: UsbBus): Promise<OpenSlots> =>
    watchReaders(
      bus,
      (device, error) => {
        onFault(`reader ${device.product ?? device.id}`, error);
      },
      clock,
    );
  const sources = await Promise.all([
    openPluggedIn({
      pcsc: async () =>
        watchPcscReaders(await openPcscPort({ clock, start: () => startReaderChild('pcsc') }), clock),
      usb: () => driven('usb'),
      onFault,
    }),
    // No service holds readers of a maker's own HID protocol, so that they are ours whether or not one runs.
    HAS_HID ? orNothing('hid', onFault, () => driven('hid')) : undefined,
    sandbox === undefined ? undefined : watch(await openSandboxBus(sandbox)),
  ]);
  return mergeSlots(sources.filter((source) => source !== undefined));
}

/**
 * Readers plugged in here: through the PC/SC service where it runs, else over USB. Never both. Where the service
 * holds a reader, opening it over USB as well would offer it twice, or take it from under the service: on Linux the
 * `usb` package's `detachKernelDriver` also ends another program's claim (USBDEVFS_DISCONNECT without exception;
 * R:kevinmehall/nusb src/platform/linux_usbfs/usbfs.rs). A service that runs without a driver for the reader hides
 * it: stop the service, or install the driver.
 */
export async function openPluggedIn(init: {
  readonly pcsc: () => Promise<OpenSlots>;
  readonly usb: () => Promise<OpenSlots>;
  readonly onFault: SlotsInit['onFault'];
}): Promise<OpenSlots | undefined> {
  const pcsc = await init.pcsc().catch((error: unknown) => {
    // Most kiosks run no service; that is no fault.
    if (codeOf(error) !== 'pcsc.no-service') init.onFault('pcsc', error);
    return undefined;
  });
  return pcsc ?? orNothing('usb', init.onFault, init.usb);
}

/** Several sources as one, in their order. */
export function mergeSlots(sources: readonly OpenSlots[]): OpenSlots {
  return {
    slots: () => sources.flatMap((source) => source.slots()),
    onChange: (listener) => {
      const offs = sources.map((source) => source.onChange(listener));
      return () => {
        for (const off of offs) off();
      };
    },
    close: async () => {
      await Promise.all(sources.map((source) => source.close()));
    },
  };
}

/** Loaded only where there is a sandbox: nothing simulated is reachable in the field. */
async function openSandboxBus(sandbox: { url: string; readerId: string }): Promise<UsbBus> {
  const { connectSandboxBus } = await import('@bianmin/card/node/sandbox-bus');
  const url = new URL(`/world/readers/${encodeURIComponent(sandbox.readerId)}/usb`, sandbox.url);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return connectSandboxBus(url.href);
}

async function orNothing(
  where: string,
  onFault: SlotsInit['onFault'],
  open: () => Promise<OpenSlots>,
): Promise<OpenSlots | undefined> {
  try {
    return await open();
  } catch (error) {
    onFault(where, error);
    return undefined;
  }
}
