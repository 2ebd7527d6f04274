import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from './error.ts';
import type { UsbErrorCode } from './error.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from './ports.ts';
import type { CcidInterface, WebUsbDevice, WebUsbIn } from './web-usb.ts';

/** CCID rev 1.1 §5.3.1. */
const ABORT_REQUEST = 0x01;
/** A notice may never come: a read of it is short, since a reader can be let go of only when none is pending. */
const INTERRUPT_SLICE_MS = 250;
const CLOSE_WAIT_MS = 1_000;
/** A plug that was pulled ends transfers at once, and the bus tells of it a little later. */
const UNPLUG_LOOK_MS = 50;
const UNPLUG_LOOKS = 10;

export interface WebUsbPortInit {
  readonly device: WebUsbDevice;
  readonly info: UsbDeviceInfo;
  readonly clock: Clock;
  /** Whether the device has been unplugged: texts of transfer errors differ and are not trusted. */
  readonly gone: () => boolean;
  /** What the device would say of itself, where it is known to say nothing: a reader from before CCID. */
  readonly descriptor?: Uint8Array | undefined;
  /** Told once the device was let go of. */
  readonly closed?: () => void;
  /** Takes the interface from the system's own driver; where the platform has such a thing. */
  readonly detach?: (interfaceNumber: number) => Promise<void>;
}

/** An opened device, its CCID interface claimed. */
export class WebUsbPort implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize?: number;
  readonly #init: WebUsbPortInit;
  readonly #ccid: CcidInterface;
  readonly #busy = new Set<UsbEndpoint>();
  /** Transfers that outlived their time-out; their bytes belong to the next read of that endpoint. */
  readonly #late = new Map<number, Promise<WebUsbIn>>();
  /** What the library is at: it is asked to let go only when all of that is over. */
  readonly #pending = new Set<Promise<unknown>>();
  readonly #ending = new Stop();
  #closed = false;

  constructor(init: WebUsbPortInit, ccid: CcidInterface, descriptor: Uint8Array) {
    this.#init = init;
    this.#ccid = ccid;
    this.info = init.info;
    this.ccidDescriptor = descriptor;
    if (ccid.packetSize !== undefined) this.packetSize = ccid.packetSize;
  }

  bulkOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    return this.#alone('bulk-out', async () => {
      const { device } = this.#init;
      const sent = () => device.transferOut(this.#ccid.bulkOut, Uint8Array.from(data), timeoutMs);
      const result = await this.#within(this.#ask(sent), timeoutMs);
      if (result.status === 'stall')
        throw usbError('usb.stall', 'The reader refused the message; try again.');
    });
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#alone('bulk-in', () => this.#read(this.#ccid.bulkIn, { maxLength, timeoutMs }));
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#alone('interrupt-in', async () => {
      const { interruptIn } = this.#ccid;
      if (interruptIn !== undefined) {
        return this.#read(interruptIn, { maxLength, timeoutMs, sliceMs: INTERRUPT_SLICE_MS });
      }
      await this.#init.clock.sleep(timeoutMs);
      throw usbError('usb.timeout', 'This reader does not notify.');
    });
  }

  async controlAbort(slot: number, seq: number, timeoutMs: number): Promise<void> {
    const setup = {
      requestType: 'class',
      recipient: 'interface',
      request: ABORT_REQUEST,
      value: (seq << 8) | slot,
      index: this.#ccid.number,
    } as const;
    const { device } = this.#init;
    await this.#within(
      this.#ask(() => device.controlTransferOut(setup, new Uint8Array())),
      timeoutMs,
    );
  }

  async clearHalt(endpoint: UsbEndpoint): Promise<void> {
    const { bulkIn, bulkOut, interruptIn } = this.#ccid;
    const number = { 'bulk-in': bulkIn, 'bulk-out': bulkOut, 'interrupt-in': interruptIn }[endpoint];
    if (number === undefined) return;
    const { device } = this.#init;
    await this.#within(
      this.#ask(() => device.clearHalt(endpoint === 'bulk-out' ? 'out' : 'in', number)),
      1_000,
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#ending.stop();
    const { clock } = this.#init;
    const timer = new Stop();
    const letGo = this.#letGo().finally(() => timer.stop());
    // What hangs is let go of when it ends; nobody is kept waiting for it.
    await Promise.race([letGo, clock.sleep(CLOSE_WAIT_MS, timer.signal).catch(() => undefined)]);
  }

  async #letGo(): Promise<void> {
    const { device } = this.#init;
    await Promise.allSettled(this.#pending);
    // An unplugged device cannot be closed, and need not be.
    await quietly(() => device.releaseInterface(this.#ccid.number));
    await quietly(() => device.close());
    this.#init.closed?.();
  }

  #ask<T>(work: () => Promise<T>): Promise<T> {
    const asked = (async () => work())();
    this.#pending.add(asked);
    const over = (): void => void this.#pending.delete(asked);
    asked.then(over, over);
    return asked;
  }

  /** Libraries give up by themselves after a second or never: ask again until our own time is over. */
  async #read(
    endpoint: number,
    { maxLength, timeoutMs, sliceMs = timeoutMs }: ReadInit,
  ): Promise<Uint8Array> {
    const { clock, device } = this.#init;
    const end = clock.monotonic() + timeoutMs;
    for (;;) {
      const left = Math.max(Math.ceil(end - clock.monotonic()), 1);
      const slice = Math.min(left, sliceMs);
      const transfer =
        this.#late.get(endpoint) ?? this.#ask(() => device.transferIn(endpoint, maxLength, slice));
      this.#late.set(endpoint, transfer);
      try {
        const result = await this.#within(transfer, left);
        this.#late.delete(endpoint);
        if (result.status === 'stall')
          throw usbError('usb.stall', 'The reader stopped in the middle; try again.');
        return bytesOf(result);
      } catch (error) {
        // Ours: the transfer goes on, and what it brings is the next read's.
        if (error instanceof UsbError && error.code === 'usb.timeout' && !(error instanceof GivenUp))
          throw error;
        this.#late.delete(endpoint);
        if (!(error instanceof GivenUp)) throw error;
        if (clock.monotonic() >= end) throw tooLong();
      }
    }
  }

  async #within<T>(transfer: Promise<T>, ms: number): Promise<T> {
    // It may fail after we stopped waiting for it.
    transfer.catch(() => undefined);
    if (this.#dead()) throw usbError('usb.gone', GONE);
    const timer = new Stop();
    const late = this.#init.clock.sleep(Math.max(ms, 0), timer.signal).then((): T => {
      throw tooLong();
    });
    late.catch(() => undefined);
    const { signal } = this.#ending;
    let end = (): void => undefined;
    const closed = new Promise<T>((_, reject) => {
      end = () => reject(usbError('usb.gone', GONE));
      signal.addEventListener('abort', end);
    });
    try {
      return await Promise.race([transfer, late, closed]);
    } catch (cause) {
      throw cause instanceof UsbError ? cause : await this.#faultOf(cause);
    } finally {
      signal.removeEventListener('abort', end);
      timer.stop();
    }
  }

  /** What a library's own error means. Of a plug that was pulled its texts differ, so that the bus is waited for. */
  async #faultOf(cause: unknown): Promise<UsbError> {
    if (!this.#dead()) {
      const text = String(cause);
      if (/stall|pipe/i.test(text))
        return usbError('usb.stall', 'The reader stopped in the middle; try again.', cause);
      if (/cancel|timed? ?out/i.test(text))
        return new GivenUp({ code: 'usb.timeout', message: TOO_LONG, cause });
      for (let i = 0; i < UNPLUG_LOOKS && !this.#dead(); i++) await this.#init.clock.sleep(UNPLUG_LOOK_MS);
    }
    const code = this.#dead() ? 'usb.gone' : 'usb.io';
    return usbError(code, 'The reader cannot be reached; check its cable.', cause);
  }

  async #alone<T>(endpoint: UsbEndpoint, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(endpoint))
      throw usbError('usb.busy', 'The reader is being asked something; wait for its answer.');
    this.#busy.add(endpoint);
    try {
      return await work();
    } finally {
      this.#busy.delete(endpoint);
    }
  }

  #dead(): boolean {
    return this.#closed || this.#init.gone();
  }
}

/** A library ended a transfer by its own time, not ours. */
class GivenUp extends UsbError {}

interface ReadInit {
  readonly maxLength: number;
  readonly timeoutMs: number;
  /** The longest that the library is asked to wait at a time; it is asked again until `timeoutMs` are over. */
  readonly sliceMs?: number;
}

export const GONE = 'The reader was unplugged; plug it in again.';
const TOO_LONG = 'The reader takes too long; unplug it and plug it in again.';

function tooLong(): UsbError {
  return usbError('usb.timeout', TOO_LONG);
}

export function bytesOf(result: WebUsbIn): Uint8Array {
  const { data } = result;
  return data === undefined
    ? new Uint8Array()
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}

export function usbError(code: UsbErrorCode, message: string, cause?: unknown): UsbError {
  return new UsbError({ code, message, cause });
}

/** Libraries throw at once, where they promise to fail later, while something else is going on. */
export async function quietly(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch {
    // It is as closed as it can be.
  }
}
