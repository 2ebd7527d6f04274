import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openCcidReader } from '@bianmin/card/reader/ccid-reader';
import type { UsbPort } from '@bianmin/card/usb/ports';
import type { AndroidUsbPage } from '@bianmin/purchase/android/bridge';
import { openAndroidUsbBus } from '@bianmin/purchase/android/usb-bus';
import { benchReader, READ } from './bridge-reader.ts';
import type { BridgeCall, BridgeTold } from './bridge-shell.ts';
import { percentile } from './percentile.ts';

const WARM = 500;

/** Medians, µs of one APDU. */
export interface BridgeTime {
  readonly directUs: number;
  readonly bridgedUs: number;
}

/**
 * The same read by the same reader code: once straight on the simulated reader, once through the page's side of the
 * bridge and the shell's, text both ways, on a thread of its own.
 */
export async function benchBridge(apdus: number): Promise<BridgeTime> {
  const directUs = await medianUs(benchReader().attach(), apdus);
  const worker = new Worker(new URL('./bridge-thread.mjs', import.meta.url));
  try {
    const bus = await openAndroidUsbBus({
      bridge: {
        call: (id, request) => {
          worker.postMessage({ id, request } satisfies BridgeCall);
        },
      },
      clock: systemClock,
      install: (page) => {
        worker.on('message', (told: BridgeTold) => {
          pass(told, page);
        });
      },
    });
    const [device] = await bus.list();
    if (device === undefined) throw new Error('The bridge has no reader.');
    const bridgedUs = await medianUs(await bus.open(device.id), apdus);
    await bus.close();
    return { directUs, bridgedUs };
  } finally {
    await worker.terminate();
  }
}

function pass({ call, args: [first = '', second = ''] }: BridgeTold, page: AndroidUsbPage): void {
  if (call === 'answer') page.answer(first, second);
  else page.changed(first);
}

async function medianUs(port: UsbPort, apdus: number): Promise<number> {
  const reader = openCcidReader(port, systemClock);
  try {
    const [slot] = reader.slots;
    if (slot === undefined) throw new Error('The simulated reader has no slot.');
    const session = await slot.open();
    const times: number[] = [];
    for (let i = 0; i < apdus + WARM; i++) {
      const from = process.hrtime.bigint();
      await session.transmit(READ);
      if (i >= WARM) times.push(Number(process.hrtime.bigint() - from) / 1_000);
    }
    return percentile(times, 0.5);
  } finally {
    await reader.close();
  }
}
