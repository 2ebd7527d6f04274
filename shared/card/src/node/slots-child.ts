import type { Readers } from '../reader/readers.ts';
import type { UsbDeviceInfo } from '../usb/ports.ts';
import type { SlotMessage, SlotRequest } from './slot-messages.ts';
import { ServedSlots } from './slots-served.ts';
import { failureOf } from './travelled-error.ts';

/** Opens the readers that a child drives; those that do not open are reported by their device. */
export type OpenDriven = (onFault: (device: UsbDeviceInfo, error: unknown) => void) => Promise<Readers>;

/**
 * The life of a process that drives readers for the one that started it, and ends with it: `usb` and `node-hid` are native code,
 * and a fault of theirs ends the process that they are in.
 */
export async function runSlotsChild(open: OpenDriven): Promise<void> {
  process.on('disconnect', end);
  const say = (message: SlotMessage): void => void process.send?.(message);
  try {
    const readers = await open((device, error) => {
      say({ type: 'fault', where: `reader ${device.product ?? device.id}`, failure: failureOf(error) });
    });
    const served = new ServedSlots(readers, say);
    process.on('message', (message) => void served.take(message as SlotRequest));
    say({ type: 'ready' });
    served.start();
  } catch (error) {
    // Who started us ends us.
    say({ type: 'unavailable', failure: failureOf(error) });
  }
}

/** At once: what waits for a reader may hang. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}
