import { concatBytes } from '../bytes/compare.ts';
import { decodeCommand } from '../framing/ccid/message.ts';
import { openCcidReader } from '../reader/ccid-reader.ts';
import type { CcidReader } from '../reader/ccid-reader.ts';
import { ReaderError } from '../reader/error.ts';
import type { CardSession } from '../reader/slot.ts';
import type { UsbPort } from '../usb/ports.ts';
import { ManualClock } from './manual-clock.ts';
import { plainCard } from './sim-card-line-plain.ts';
import { SimulatedReader } from './sim-reader.ts';
import type { SimulatedReaderInit } from './sim-reader.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** T=0 with nothing else to say. */
export const T0_ATR = Uint8Array.of(0x3b, 0x00);
/** T=1: TD1 81, TD2 31, IFSC FE, BWI and CWI 45, TCK. */
export const T1_ATR = Uint8Array.of(0x3b, 0x80, 0x81, 0x31, 0xfe, 0x45, 0x8b);
const OK = Uint8Array.of(0x90, 0x00);

/** READ BINARY, answered by `readCard` with so many bytes (0: 256) and 9000. */
export const readOf = (bytes: number): Uint8Array => Uint8Array.of(0x00, 0xb0, 0x00, bytes, bytes);

export function readCard(atr: Uint8Array = T0_ATR): SimulatedCard {
  return plainCard(atr, ([, , , p2 = 0]) => concatBytes(new Uint8Array(p2 === 0 ? 256 : p2).fill(p2), OK));
}

/** A simulated reader under the driver, its time in the test's hands. */
export interface ReaderRig {
  readonly clock: ManualClock;
  readonly reader: SimulatedReader;
  readonly opened: CcidReader;
  /** Commands by name, slot and number, and aborts on the control pipe; without looks into slots. */
  readonly sent: string[];
  /** Puts a card in and opens it. */
  session(slot?: number, card?: SimulatedCard): Promise<CardSession>;
}

export interface ReaderRigInit extends Partial<Omit<SimulatedReaderInit, 'clock'>> {
  /** What of the port is replaced. */
  readonly change?: (port: UsbPort) => Partial<UsbPort>;
}

export function readerRig({ change, ...init }: ReaderRigInit = {}): ReaderRig {
  const clock = new ManualClock();
  const reader = new SimulatedReader({ clock, ...init });
  const port = reader.attach();
  const sent: string[] = [];
  const spied: UsbPort = {
    ...port,
    bulkOut: (bytes, ms) => {
      const { name, seq, slot } = decodeCommand(bytes);
      if (name !== 'getSlotStatus') sent.push(`${name} ${slot}:${seq}`);
      return port.bulkOut(bytes, ms);
    },
    controlAbort: (slot, seq, ms) => {
      sent.push(`control abort ${slot}:${seq}`);
      return port.controlAbort(slot, seq, ms);
    },
    ...change?.(port),
  };
  const opened = openCcidReader(spied, clock);
  return {
    clock,
    reader,
    opened,
    sent,
    session: (index = 0, card = readCard()) => {
      const slot = opened.slots[index];
      if (slot === undefined) throw new RangeError(`the reader has no slot ${index}`);
      reader.insert(card, index);
      return slot.open();
    },
  };
}

/** How work ended: the code of its error, or the length of its answer. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    (answer) => (answer instanceof Uint8Array ? `${answer.length} bytes` : 'no error'),
    (error: unknown) => (error instanceof ReaderError ? error.code : String(error)),
  );
}

/** Lets up to so much time pass, in steps of 100 ms, until the work is done; fails where it is not. */
export async function within<T>(clock: ManualClock, ms: number, work: Promise<T>): Promise<T> {
  const ended = { is: false };
  const end = (): void => void (ended.is = true);
  void work.then(end, end);
  for (let passed = 0; passed < ms && !ended.is; passed += 100) await clock.advance(100);
  if (!ended.is) throw new Error(`not done within ${ms} ms`);
  return work;
}
