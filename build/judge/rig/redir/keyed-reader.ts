import { codeOf } from '@bianmin/card/errors';
import type { UsbEndpoint, UsbPort } from '@bianmin/card/usb/ports';
import { TRANSFER, type DeviceInit } from './descriptors.ts';
import type { Setup } from './packets.ts';
import { Stalled, type RedirectedDevice } from './redirected.ts';

const NOTHING = new Uint8Array();
/** Longer than any case: a device answers when it has something. */
const FOR_EVER = 2 ** 30;
const [KEYS, OUT, IN, NOTICES] = [0x81, 0x02, 0x83, 0x84];
const ENDPOINTS: Readonly<Record<number, UsbEndpoint>> = {
  [OUT]: 'bulk-out',
  [IN]: 'bulk-in',
  [NOTICES]: 'interrupt-in',
};
const [KEYBOARD_INTERFACE, READER_INTERFACE] = [0, 1];
/** What the boot keyboard sends (HID 1.11 appendix B.1): a byte of modifiers, one that is 0, six keys. */
const KEYBOARD_REPORT = Uint8Array.of(
  ...[0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01],
  ...[0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x06, 0x75, 0x08],
  ...[0x15, 0x00, 0x25, 0x65, 0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xc0],
);
const REPORT_DESCRIPTOR = 0x22;
const HID_DESCRIPTOR = Uint8Array.of(9, 0x21, 0x11, 0x01, 0, 1, REPORT_DESCRIPTOR, KEYBOARD_REPORT.length, 0);
/** Class requests: a keyboard's SET_REPORT, SET_IDLE and SET_PROTOCOL; a reader's ABORT (CCID rev 1.1 §5.3.1). */
const KEYBOARD_REQUESTS: readonly number[] = [0x09, 0x0a, 0x0b];
const ABORT = 0x01;
const GET_DESCRIPTOR = 0x06;
const KEY_A = 0x04;
const NO_KEY = new Uint8Array(8);

/** A card reader on the second interface of a device whose first one is a keyboard. */
export class KeyedReader implements RedirectedDevice {
  readonly init: DeviceInit;
  readonly #port: UsbPort;
  readonly #listeners = new Set<(endpoint: number, data: Uint8Array) => void>();
  #isGone = false;

  /** `port`: of a reader that was just plugged in. */
  constructor(port: UsbPort) {
    this.#port = port;
    const { vendorId, productId, manufacturer = '', product = '' } = port.info;
    this.init = {
      ...{ vendorId, productId, manufacturer, product },
      interfaces: [
        {
          ...{ number: KEYBOARD_INTERFACE, class: 0x03, subclass: 1, protocol: 1 },
          classDescriptor: HID_DESCRIPTOR,
          endpoints: [{ address: KEYS, type: TRANSFER.interrupt, packetSize: 8, interval: 10 }],
        },
        {
          ...{ number: READER_INTERFACE, class: 0x0b },
          classDescriptor: port.ccidDescriptor,
          endpoints: [
            { address: OUT, type: TRANSFER.bulk },
            { address: IN, type: TRANSFER.bulk },
            { address: NOTICES, type: TRANSFER.interrupt, packetSize: 8, interval: 10 },
          ],
        },
      ],
    };
    void this.#notices();
  }

  /** Presses a key and lets it go. */
  press(): void {
    this.#tell(KEYS, Uint8Array.of(0, 0, KEY_A, 0, 0, 0, 0, 0));
    this.#tell(KEYS, NO_KEY);
  }

  /** Pulled. */
  async leave(): Promise<void> {
    this.#isGone = true;
    await this.#port.close();
  }

  async control({ requestType, request, value, index }: Setup): Promise<Uint8Array> {
    const isClass = (requestType & 0x60) === 0x20;
    if (index === KEYBOARD_INTERFACE) {
      if (isClass && KEYBOARD_REQUESTS.includes(request)) return NOTHING;
      if (!isClass && request === GET_DESCRIPTOR && value >> 8 === REPORT_DESCRIPTOR) return KEYBOARD_REPORT;
    } else if (index === READER_INTERFACE && isClass && request === ABORT) {
      await stalling(this.#port.controlAbort(value & 0xff, value >> 8, FOR_EVER));
      return NOTHING;
    }
    throw new Stalled();
  }

  async bulkOut(endpoint: number, data: Uint8Array): Promise<void> {
    if (endpoint !== OUT) throw new Stalled();
    // An empty packet ends a transfer of whole ones.
    if (data.length > 0) await stalling(this.#port.bulkOut(data, FOR_EVER));
  }

  bulkIn(endpoint: number, length: number): Promise<Uint8Array> {
    return endpoint === IN ? stalling(this.#port.bulkIn(length, FOR_EVER)) : Promise.reject(new Stalled());
  }

  async clearHalt(endpoint: number): Promise<void> {
    const name = ENDPOINTS[endpoint];
    if (name !== undefined) await this.#port.clearHalt(name);
  }

  onInterrupt(listener: (endpoint: number, data: Uint8Array) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #notices(): Promise<void> {
    while (!this.#isGone) {
      const data = await this.#port.interruptIn(8, FOR_EVER).catch(() => undefined);
      // Unplugged.
      if (data === undefined) return;
      this.#tell(NOTICES, data);
    }
  }

  #tell(endpoint: number, data: Uint8Array): void {
    for (const listener of this.#listeners) listener(endpoint, data);
  }
}

async function stalling<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw codeOf(error) === 'usb.stall' ? new Stalled() : error;
  }
}
