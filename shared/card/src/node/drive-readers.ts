import { hidReaderBus } from '../reader/hid-bus.ts';
import { watchReaders } from '../reader/readers.ts';
import type { UsbBus } from '../usb/ports.ts';
import { openHidBus } from './hid-bus.ts';
import { runPcscChild } from './pcsc-child.ts';
import type { ReaderDriver } from './reader-fork.ts';
import { runSlotsChild } from './slots-child.ts';
import { systemClock } from './system-clock.ts';
import { openUsbBus } from './usb-bus.ts';

const BUSES: Readonly<Record<Exclude<ReaderDriver, 'pcsc'>, () => Promise<UsbBus>>> = {
  usb: () => openUsbBus(systemClock),
  hid: async () => hidReaderBus(await openHidBus(systemClock), systemClock),
};

/** The life of a process with one of the libraries that drive readers. It speaks by Node's channel to the one that started it. */
export async function driveReaders(driver: string | undefined): Promise<void> {
  if (driver !== 'usb' && driver !== 'hid') return runPcscChild();
  await runSlotsChild(async (onFault) => watchReaders(await BUSES[driver](), onFault, systemClock));
}
