import type { Clock } from '../clock.ts';
import { Stop } from '../stop.ts';
import { UsbError } from './error.ts';
import type { UsbErrorCode } from './error.ts';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from './ports.ts';
import { findCcidInterface } from './web-usb.ts';
import type { CcidInterface, WebUsbDevice, WebUsbIn } from './web-usb.ts';

/** GET_DESCRIPTOR of a configuration (USB 2.0 §9.4.3). */
const GET_DESCRIPTOR = {
  requestType: 'standard',
  recipient: 'device',
  request: 6,
  value: 0x0200,
  index: 0,
} as const;
const INTERFACE_DESCRIPTOR = 0x04;
const CCID_DESCRIPTOR = 0x21;
const CCID_DESCRIPTOR_LENGTH = 54;
/** CCID rev 1.1 §5.3.1. */
const ABORT_REQUEST = 0x01;
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
  /** Takes the interface from the system's own driver; where the platform has such a thing. */
  readonly detach?: (interfaceNumber: number) => Promise<void>;
}

/** Opens the device's CCID interface. `usb.permission` where the system does not let us, `usb.io` without one. */
export async function openWebUsbPort(init: WebUsbPortInit): Promise<UsbPort> {
  const { device } = init;
  try {
    await device.open();
    if (device.configuration === null || device.configuration === undefined)
      await device.selectConfiguration(1);
    const ccid = findCcidInterface(device.configuration);
    if (ccid === undefined) throw usbError('usb.io', 'This device has no card reader in it; use another.');
    // Before anything is taken from anybody: a device that turns out to be no reader is left as it was. Windows
    // gives descriptors only through a claimed interface.
    const early =
      init.descriptor ??
      (await readDescriptor(device, ccid.number).catch((error: unknown) => {
        if (error instanceof UsbError) throw error;
        return undefined;
      }));
    await init.detach?.(ccid.number);
    await device.claimInterface(ccid.number);
    return new WebUsbPort(init, ccid, early ?? (await readDescriptor(device, ccid.number)));
  } catch (cause) {
    await device.close().catch(() => undefined);
    if (cause instanceof UsbError) throw cause;
    const message =
      'The system does not let us use this reader; run the doctor, or close the program that has it.';
    throw usbError('usb.permission', message, cause);
  }
}

async function readDescriptor(device: WebUsbDevice, interfaceNumber: number): Promise<Uint8Array> {
  const bytes = bytesOf(await device.controlTransferIn(GET_DESCRIPTOR, 512));
  let inside = false;
  for (let at = 0; at + 2 <= bytes.length; at += Math.max(bytes[at] ?? 0, 2)) {
    if (bytes[at + 1] === INTERFACE_DESCRIPTOR) inside = bytes[at + 2] === interfaceNumber;
    if (inside && bytes[at + 1] === CCID_DESCRIPTOR && bytes[at] === CCID_DESCRIPTOR_LENGTH) {
      return bytes.slice(at, at + CCID_DESCRIPTOR_LENGTH);
    }
  }
  throw usbError('usb.io', 'This device does not describe itself as a card reader; use another.');
}

class WebUsbPort implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize?: number;
  readonly #init: WebUsbPortInit;
  readonly #ccid: CcidInterface;
  readonly #busy = new Set<UsbEndpoint>();
  /** Transfers that outlived their time-out; their bytes belong to the next read of that endpoint. */
  readonly #late = new Map<number, Promise<WebUsbIn>>();
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
      const sent = this.#init.device.transferOut(this.#ccid.bulkOut, Uint8Array.from(data), timeoutMs);
      const result = await this.#within(sent, timeoutMs);
      if (result.status === 'stall')
        throw usbError('usb.stall', 'The reader refused the message; try again.');
    });
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#alone('bulk-in', () => this.#read(this.#ccid.bulkIn, maxLength, timeoutMs));
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#alone('interrupt-in', async () => {
      const { interruptIn } = this.#ccid;
      if (interruptIn !== undefined) return this.#read(interruptIn, maxLength, timeoutMs);
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
    await this.#within(this.#init.device.controlTransferOut(setup, new Uint8Array()), timeoutMs);
  }

  async clearHalt(endpoint: UsbEndpoint): Promise<void> {
    const { bulkIn, bulkOut, interruptIn } = this.#ccid;
    const number = { 'bulk-in': bulkIn, 'bulk-out': bulkOut, 'interrupt-in': interruptIn }[endpoint];
    if (number === undefined) return;
    await this.#within(this.#init.device.clearHalt(endpoint === 'bulk-out' ? 'out' : 'in', number), 1_000);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    // An unplugged device cannot be closed, and need not be.
    await this.#init.device.releaseInterface(this.#ccid.number).catch(() => undefined);
    await this.#init.device.close().catch(() => undefined);
  }

  /** Libraries give up by themselves after a second or never: ask again until our own time is over. */
  async #read(endpoint: number, maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    const { clock, device } = this.#init;
    const end = clock.monotonic() + timeoutMs;
    for (;;) {
      const left = Math.max(Math.ceil(end - clock.monotonic()), 1);
      const transfer = this.#late.get(endpoint) ?? device.transferIn(endpoint, maxLength, left);
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
    if (this.#dead()) throw usbError('usb.gone', 'The reader was unplugged; plug it in again.');
    const timer = new Stop();
    const late = this.#init.clock.sleep(Math.max(ms, 0), timer.signal).then((): T => {
      throw tooLong();
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([transfer, late]);
    } catch (cause) {
      throw cause instanceof UsbError ? cause : await this.#faultOf(cause);
    } finally {
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

const TOO_LONG = 'The reader takes too long; unplug it and plug it in again.';

function tooLong(): UsbError {
  return usbError('usb.timeout', TOO_LONG);
}

function bytesOf(result: WebUsbIn): Uint8Array {
  const { data } = result;
  return data === undefined
    ? new Uint8Array()
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}

function usbError(code: UsbErrorCode, message: string, cause?: unknown): UsbError {
  return new UsbError({ code, message, cause });
}
