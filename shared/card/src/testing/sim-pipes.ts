import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbErrorCode } from '../usb/error.ts';

/** wMaxPacketSize of a full-speed bulk endpoint (USB 2.0 §5.8.3). */
export const PACKET_SIZE = 64;

export function usbError(code: UsbErrorCode): UsbError {
  return new UsbError({ code, message: `The simulated reader: ${code}. Plug the reader in again.` });
}

interface Transfer {
  readonly maxLength: number;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: UsbError) => void;
  readonly timer: Stop;
  /** Full packets of a message without its end: they are in the transfer, and lost with it. */
  have: Uint8Array | undefined;
}

/** Bytes on their way. */
interface Message {
  readonly bytes: Uint8Array;
  /** Whether their end shows: by a short packet, or an empty one after full ones. */
  readonly ends: boolean;
  /** The slot that they are from. */
  readonly slot: number | undefined;
}

/** An inbound endpoint: bytes wait for a transfer, or a transfer for bytes. */
export class InPipe {
  readonly #clock: Clock;
  #queue: Message[] = [];
  #waiting: Transfer | undefined;
  #dead = false;
  stalled = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One message; with `ends` false, one that fills its packets is not followed by an empty one. */
  push(bytes: Uint8Array, { ends = true, slot }: { ends?: boolean; slot?: number } = {}): void {
    if (this.#dead) return;
    this.#queue.push({ bytes, ends: ends || bytes.length % PACKET_SIZE !== 0, slot });
    this.#serve();
  }

  async read(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    if (this.#dead) throw usbError('usb.gone');
    if (this.stalled) throw usbError('usb.stall');
    if (this.#waiting !== undefined) throw usbError('usb.busy');
    const [first] = this.#queue;
    if (first?.ends === true && first.bytes.length < maxLength) {
      this.#queue.shift();
      return first.bytes;
    }
    const arrival = this.#arrival(maxLength, timeoutMs);
    this.#serve();
    return arrival;
  }

  /** Forgets what was not fetched of a slot's answers. */
  clear(slot: number): void {
    this.#queue = this.#queue.filter((message) => message.slot !== slot);
  }

  /** The program that waited is no more: what comes waits for the next one. */
  forsake(): void {
    this.#settle()?.reject(usbError('usb.gone'));
  }

  /** Ends a waiting transfer; the endpoint answers no more until it is cleared (stall) or ever (gone). */
  fail(code: 'usb.stall' | 'usb.gone'): void {
    if (code === 'usb.gone') this.#dead = true;
    else this.stalled = true;
    this.#queue = [];
    this.#settle()?.reject(usbError(code));
  }

  /** A transfer ends when it is full, or at a packet that is not. */
  #serve(): void {
    const transfer = this.#waiting;
    const next = this.#queue[0];
    if (transfer === undefined || next === undefined) return;
    const room = transfer.maxLength - (transfer.have?.length ?? 0);
    const taken = next.bytes.subarray(0, room);
    this.#queue.shift();
    const have = transfer.have === undefined ? taken : joined(transfer.have, taken);
    if (taken.length === room) {
      const left = next.bytes.subarray(room);
      // What is left, or the empty packet that ends full ones, belongs to the next transfer.
      const emptyEnd = next.ends && next.bytes.length > 0 && next.bytes.length % PACKET_SIZE === 0;
      if (left.length > 0 || emptyEnd) this.#queue.unshift({ ...next, bytes: left });
      this.#settle()?.resolve(have);
    } else if (next.ends) {
      this.#settle()?.resolve(have);
    } else {
      transfer.have = have;
      this.#serve();
    }
  }

  #arrival(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const waiting: Transfer = { maxLength, resolve, reject, timer: new Stop(), have: undefined };
      this.#waiting = waiting;
      void this.#clock.sleep(timeoutMs, waiting.timer.signal).then(
        () => {
          if (this.#waiting !== waiting) return;
          this.#waiting = undefined;
          reject(usbError('usb.timeout'));
        },
        () => undefined,
      );
    });
  }

  #settle(): Transfer | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.timer.stop();
    return waiting;
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
