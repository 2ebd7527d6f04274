import type { Clock } from '../clock.ts';
import { decodeDescriptor } from '../framing/ccid/descriptor.ts';
import { decodeInterrupt } from '../framing/ccid/interrupt.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import { CcidLink } from './ccid-link.ts';
import { CcidSlot } from './ccid-slot.ts';
import { ReaderError } from './error.ts';
import { modelOf, trueDescriptor } from './models.ts';

/** An interrupt read ends after this, and the slots are looked into: some readers have no interrupts, or lose them. */
export const LOOK_MS = 2_000;
const INTERRUPT_BYTES = 8;
/** Notices, understood or not, in `LOOK_MS`: no hand is faster. A reader that goes on is heard no more until that is over. */
const MAX_NOTICES = 40;
/** Stalls of the interrupt pipe in a row after which it counts as useless. */
const MAX_STALLS = 3;

/** No reader that is sold has more; one that says so is not believed. */
const MAX_SLOTS = 16;

/** A CCID device with all its slots. */
export interface CcidReader {
  readonly slots: readonly CcidSlot[];
  /** Resolves when the device is gone or closed. */
  readonly gone: Promise<void>;
  close(): Promise<void>;
}

/**
 * Takes an open port over. `reader.unsupported` for a device that does not describe itself as a reader. With a clock,
 * as many slots as the reader can serve work at once; without one they take turns.
 */
export function openCcidReader(port: UsbPort, clock?: Clock): CcidReader {
  const model = modelOf(port.info);
  const descriptor = trueDescriptor(descriptorOf(port), model);
  const { maxMessage, busySlots } = descriptor;
  const link = new CcidLink({ port, maxMessage, busySlots, clock });
  const slots = Array.from(
    { length: Math.min(descriptor.slots, MAX_SLOTS) },
    (_, index) => new CcidSlot({ link, descriptor, index, model, clock }),
  );
  const state = { closed: false };
  const gone = listen({ port, slots, state, clock });
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

interface Listening {
  readonly port: UsbPort;
  readonly slots: readonly CcidSlot[];
  readonly state: { closed: boolean };
  readonly clock: Clock | undefined;
}

/** Reads the interrupt pipe until the device is gone. */
async function listen({ port, slots, state, clock }: Listening): Promise<void> {
  const look = looker(slots);
  const flood = new NoticeFlood(clock);
  let stalls = 0;
  look();
  while (!state.closed) {
    try {
      await flood.past(look);
      const notice = decodeInterrupt(await port.interruptIn(INTERRUPT_BYTES, LOOK_MS));
      stalls = 0;
      if (notice.type === 'hardware-error') look();
      else notice.slots.forEach(({ present, changed }, index) => changed && slots[index]?.notify(present));
    } catch (error) {
      if (error instanceof FramingError) continue;
      if (!(error instanceof UsbError)) throw error;
      if (error.code !== 'usb.timeout' && error.code !== 'usb.stall') break;
      if (error.code === 'usb.stall') {
        await port.clearHalt('interrupt-in').catch(() => undefined);
        // A pipe that never works is of no use: the slots are looked into instead, at the same interval.
        if (++stalls >= MAX_STALLS) await clock?.sleep(LOOK_MS);
      }
      look();
    }
  }
  if (state.closed) return;
  for (const slot of slots) slot.lose();
}

/** Holds a reader back that tells of more than can happen: each notice ends a session, and goes to everybody who listens. */
class NoticeFlood {
  readonly #clock: Clock | undefined;
  #since = -Infinity;
  #count = 0;

  constructor(clock: Clock | undefined) {
    this.#clock = clock;
  }

  /** Before each read; once a flood is over the slots are looked into. */
  async past(look: () => void): Promise<void> {
    const now = this.#clock?.monotonic() ?? 0;
    if (now - this.#since >= LOOK_MS) [this.#since, this.#count] = [now, 0];
    if (++this.#count <= MAX_NOTICES) return;
    await this.#clock?.sleep(this.#since + LOOK_MS - now);
    [this.#since, this.#count] = [this.#since + LOOK_MS, 1];
    look();
  }
}

/** Looks into all slots at once. A reader that is busy with a card is not asked twice. */
function looker(slots: readonly CcidSlot[]): () => void {
  let looking = false;
  return () => {
    if (looking) return;
    looking = true;
    void Promise.allSettled(slots.map((slot) => slot.look())).then(() => {
      looking = false;
    });
  };
}
