import { systemClock } from '@bianmin/shared/node/system-clock';
import { openUsbBus } from '@bianmin/shared/node/usb-bus';
import type { SlotSource } from '@bianmin/shared/purchase/ports';
import { watchReaders } from '@bianmin/shared/reader/readers';
import type { UsbBus } from '@bianmin/shared/usb/ports';

export interface OpenSlots extends SlotSource {
  close(): Promise<void>;
}

export interface SlotsInit {
  /** The sandbox's simulated reader; absent in the field. */
  readonly sandbox: { readonly url: string; readonly readerId: string } | undefined;
  readonly onFault: (where: string, error: unknown) => void;
}

/**
 * Every reader that there is: those plugged in here, and the sandbox's. Real ones come first. A kind that this
 * machine cannot offer is reported and left out.
 */
export async function openSlots(init: SlotsInit): Promise<OpenSlots> {
  const { sandbox, onFault } = init;
  const watch = (bus: UsbBus): Promise<OpenSlots> =>
    watchReaders(bus, (device, error) => {
      onFault(`reader ${device.product ?? device.id}`, error);
    });
  const sources = await Promise.all([
    orNothing('usb', onFault, async () => watch(await openUsbBus(systemClock))),
    sandbox === undefined ? undefined : watch(await openSandboxBus(sandbox)),
  ]);
  return mergeSlots(sources.filter((source) => source !== undefined));
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
  const { connectSandboxBus } = await import('@bianmin/shared/node/sandbox-bus');
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
