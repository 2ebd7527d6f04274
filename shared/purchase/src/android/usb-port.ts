import type { Stop } from '@bianmin/card/stop';
import type { UsbDeviceInfo, UsbEndpoint, UsbPort } from '@bianmin/card/usb/ports';
import { toBase64 } from './base64.ts';
import { bridgeError } from './bridge-link.ts';
import type { BridgeLink } from './bridge-link.ts';

/** Whatever the person has to do first, a clear of an endpoint and a close are quick. */
const QUICK_MS = 1_000;

export interface AndroidUsbPortInit {
  readonly link: BridgeLink;
  readonly info: UsbDeviceInfo;
  /** The shell's name for the open device. */
  readonly port: string;
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize?: number | undefined;
  /** Stopped when the device is unplugged. */
  readonly gone: Stop;
}

/** One open reader behind the bridge. */
export class AndroidUsbPort implements UsbPort {
  readonly info: UsbDeviceInfo;
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize?: number;
  readonly #init: AndroidUsbPortInit;
  readonly #busy = new Set<UsbEndpoint>();
  /** What came too late for the read that asked for it: the next one's. */
  readonly #left = new Map<UsbEndpoint, Uint8Array[]>();

  constructor(init: AndroidUsbPortInit) {
    this.#init = init;
    this.info = init.info;
    this.ccidDescriptor = init.ccidDescriptor;
    if (init.packetSize !== undefined) this.packetSize = init.packetSize;
  }

  bulkOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    const { link, port, gone } = this.#init;
    return this.#alone('bulk-out', async () => {
      const request = { op: 'bulkOut', port, data: toBase64(data), timeoutMs } as const;
      await link.ask({ request, timeoutMs, gone });
    });
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#read('bulk-in', maxLength, timeoutMs);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#read('interrupt-in', maxLength, timeoutMs);
  }

  async controlAbort(slot: number, seq: number, timeoutMs: number): Promise<void> {
    const { link, port, gone } = this.#init;
    await link.ask({ request: { op: 'controlAbort', port, slot, seq, timeoutMs }, timeoutMs, gone });
  }

  async clearHalt(endpoint: UsbEndpoint): Promise<void> {
    const { link, port, gone } = this.#init;
    await link.ask({ request: { op: 'clearHalt', port, endpoint }, timeoutMs: QUICK_MS, gone });
  }

  async close(): Promise<void> {
    const { link, port, gone } = this.#init;
    if (gone.stopped) return;
    const closing = link.ask({ request: { op: 'close', port }, timeoutMs: QUICK_MS });
    gone.stop();
    // An unplugged device cannot be closed, and need not be.
    await closing.catch(() => undefined);
  }

  #read(endpoint: 'bulk-in' | 'interrupt-in', maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    const { link, port, gone } = this.#init;
    return this.#alone(endpoint, async () => {
      const left = this.#left.get(endpoint) ?? [];
      const kept = gone.stopped ? undefined : left.shift();
      if (kept !== undefined) {
        if (kept.length > maxLength) left.unshift(kept.subarray(maxLength));
        return kept.subarray(0, maxLength);
      }
      const op = endpoint === 'bulk-in' ? 'bulkIn' : 'interruptIn';
      const { data } = await link.ask({
        request: { op, port, maxLength, timeoutMs },
        timeoutMs,
        gone,
        late: (answer) => {
          if (answer.data !== undefined) this.#left.set(endpoint, left.concat([answer.data]));
        },
      });
      if (data === undefined || data.length > maxLength) throw bridgeError('usb.io');
      return data;
    });
  }

  async #alone<T>(endpoint: UsbEndpoint, work: () => Promise<T>): Promise<T> {
    if (this.#busy.has(endpoint)) throw bridgeError('usb.busy');
    this.#busy.add(endpoint);
    try {
      return await work();
    } finally {
      this.#busy.delete(endpoint);
    }
  }
}
