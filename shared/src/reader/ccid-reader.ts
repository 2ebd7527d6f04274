import { decodeDescriptor } from '../framing/ccid/descriptor.ts';
import { decodeInterrupt } from '../framing/ccid/interrupt.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import { CcidLink } from './ccid-link.ts';
import { CcidSlot } from './ccid-slot.ts';
import { ReaderError } from './error.ts';
import { modelOf } from './models.ts';

/** An interrupt read ends after this, and the slots are looked into: some readers have no interrupts, or lose them. */
export const LOOK_MS = 2_000;
const INTERRUPT_BYTES = 8;

/** A CCID device with all its slots. */
export interface CcidReader {
  readonly slots: readonly CcidSlot[];
  /** Resolves when the device is gone or closed. */
  readonly gone: Promise<void>;
  close(): Promise<void>;
}

/** Takes an open port over. `reader.unsupported` for a device that does not describe itself as a reader. */
export function openCcidReader(port: UsbPort): CcidReader {
  const descriptor = descriptorOf(port);
  const link = new CcidLink(port, descriptor.maxMessage);
  const model = modelOf(port.info);
  const slots = Array.from(
    { length: descriptor.slots },
    (_, index) => new CcidSlot({ link, descriptor, index, model }),
  );
  const state = { closed: false };
  const gone = listen(port, slots, state);
  return {
    slots,
    gone,
    close: async () => {
      if (state.closed) return;
      state.closed = true;
      await Promise.all(slots.map((slot) => slot.close()));
      await port.close();
      await gone;
    },
  };
}

function descriptorOf(port: UsbPort): ReturnType<typeof decodeDescriptor> {
  try {
    return decodeDescriptor(port.ccidDescriptor);
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
    throw new ReaderError({ code: 'reader.unsupported', message: error.message, cause: error });
  }
}

/** Reads the interrupt pipe until the device is gone. */
async function listen(port: UsbPort, slots: readonly CcidSlot[], state: { closed: boolean }): Promise<void> {
  let looking = false;
  const look = (): void => {
    // A reader that is busy with a card is not asked twice.
    if (looking) return;
    looking = true;
    void Promise.allSettled(slots.map((slot) => slot.look())).then(() => {
      looking = false;
    });
  };
  look();
  while (!state.closed) {
    try {
      const notice = decodeInterrupt(await port.interruptIn(INTERRUPT_BYTES, LOOK_MS));
      if (notice.type !== 'slot-change') continue;
      notice.slots.forEach(({ present, changed }, index) => {
        if (changed) slots[index]?.notify(present);
      });
    } catch (error) {
      if (error instanceof FramingError) continue;
      if (error instanceof UsbError && error.code === 'usb.timeout') {
        look();
        continue;
      }
      if (error instanceof UsbError && error.code === 'usb.stall') {
        await port.clearHalt('interrupt-in').catch(() => undefined);
        continue;
      }
      if (error instanceof UsbError) break;
      throw error;
    }
  }
  if (state.closed) return;
  for (const slot of slots) slot.notify(false);
}
