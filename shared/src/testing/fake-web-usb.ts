import { concatBytes } from '../bytes/compare.ts';
import type { NodeUsbDevice } from '../node/usb-readers.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import type { WebUsbIn } from '../usb/web-usb.ts';
import { PACKET_SIZE } from './sim-pipes.ts';
import type { SimulatedReader } from './sim-reader.ts';

/** What version 3 says; of a reader that was unplugged, what the controller happens to say. */
const ENDS: Readonly<Record<string, string>> = { 'usb.stall': 'Stall', 'usb.timeout': 'Cancelled' };
/** Longer than any test: transfers of the libusb kind never give up. */
const FOR_EVER = 2 ** 30;

export interface FakeWebUsbInit {
  /**
   * Absent: as version 2 over libusb, whose transfers wait for ever and whose stalls are a status. Else as version 3
   * over nusb, whose transfers end by themselves after the time given them, or this one (ms), and whose stalls are
   * errors (R:node-usb/node-usb-rs src/webusb_device.rs).
   */
  readonly givesUpMs?: number;
  /** Opening it, which reading its configuration does too, is forbidden. */
  readonly forbidden?: () => boolean;
  readonly interfaceClass?: number;
}

/** A simulated reader as the `usb` package shows a device; each call gives a new object for the same device. */
export function fakeWebUsbDevice(reader: SimulatedReader, init: FakeWebUsbInit = {}): NodeUsbDevice {
  return new FakeWebUsbDevice(reader, init);
}

class FakeWebUsbDevice implements NodeUsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName = 'CCID USB Reader';
  readonly bus: string;
  readonly address = 4;
  readonly handle: string;
  readonly #reader: SimulatedReader;
  readonly #init: FakeWebUsbInit;
  #claimed = false;
  #port: UsbPort | undefined;

  constructor(reader: SimulatedReader, init: FakeWebUsbInit) {
    this.#reader = reader;
    this.#init = init;
    this.vendorId = reader.info.vendorId;
    this.productId = reader.info.productId;
    this.bus = reader.info.id;
    this.handle = `DeviceId(${reader.info.id})`;
  }

  get configuration(): NonNullable<NodeUsbDevice['configuration']> {
    if (this.#init.forbidden?.() === true) throw new Error('open error: permission denied');
    return { interfaces: interfacesOf(this.#init.interfaceClass ?? 0x0b) };
  }

  open(): Promise<void> {
    if (this.#init.forbidden?.() === true) return Promise.reject(new Error('open error: permission denied'));
    this.#port = this.#reader.attach();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.#port?.close();
  }

  selectConfiguration(): Promise<void> {
    return Promise.resolve();
  }

  claimInterface(): Promise<void> {
    this.#claimed = true;
    return Promise.resolve();
  }

  releaseInterface(): Promise<void> {
    this.#claimed = false;
    return Promise.resolve();
  }

  detachKernelDriver(): Promise<void> {
    return Promise.reject(new Error('no driver attached'));
  }

  controlTransferIn(): ReturnType<NodeUsbDevice['controlTransferIn']> {
    // Configuration, interface 0 of class 0B, then the class descriptor, as on the wire.
    const head = Uint8Array.of(9, 2, 72, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 3, 0x0b, 0, 0, 0);
    const all = concatBytes(head, this.#reader.ccidDescriptor);
    return Promise.resolve({ data: new DataView(all.slice().buffer) });
  }

  async controlTransferOut(
    ...[, data]: Parameters<NodeUsbDevice['controlTransferOut']>
  ): ReturnType<NodeUsbDevice['controlTransferOut']> {
    // Version 3.1 looks into the data before it looks whether there are any.
    if (!ArrayBuffer.isView(data))
      throw new TypeError("Cannot read properties of undefined (reading 'buffer')");
    await this.#opened().controlAbort(0, 0, 0);
    return { status: 'ok' };
  }

  transferIn(...[endpoint, length, timeoutMs]: Parameters<NodeUsbDevice['transferIn']>): Promise<WebUsbIn> {
    const wait = this.#wait(timeoutMs);
    return this.#transfer(
      endpoint === 1 ? this.#opened().interruptIn(length, wait) : this.#opened().bulkIn(length, wait),
    );
  }

  async transferOut(
    ...[, data]: Parameters<NodeUsbDevice['transferOut']>
  ): ReturnType<NodeUsbDevice['transferOut']> {
    await this.#opened().bulkOut(data, 0);
    return { status: 'ok' };
  }

  clearHalt(...[direction, endpoint]: Parameters<NodeUsbDevice['clearHalt']>): Promise<void> {
    return this.#opened().clearHalt(
      direction === 'out' ? 'bulk-out' : endpoint === 1 ? 'interrupt-in' : 'bulk-in',
    );
  }

  get #asVersion3(): boolean {
    return this.#init.givesUpMs !== undefined;
  }

  #opened(): UsbPort {
    if (this.#port === undefined || !this.#claimed) throw new Error('endpoint not found');
    return this.#port;
  }

  #wait(asked: number | undefined): number {
    return this.#asVersion3 ? Math.min(asked ?? 1_000, this.#init.givesUpMs ?? FOR_EVER) : FOR_EVER;
  }

  async #transfer(work: Promise<Uint8Array>): Promise<WebUsbIn> {
    try {
      const bytes = await work;
      return { status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) };
    } catch (error) {
      const code = error instanceof UsbError ? error.code : undefined;
      if (code === 'usb.stall' && !this.#asVersion3) return { status: 'stall' };
      throw new Error(`transferIn error: ${ENDS[code ?? ''] ?? 'Fault'}`);
    }
  }
}

function interfacesOf(interfaceClass: number): NonNullable<NodeUsbDevice['configuration']>['interfaces'] {
  return [
    {
      interfaceNumber: 0,
      alternate: {
        interfaceClass,
        endpoints: [
          { endpointNumber: 1, direction: 'in', type: 'interrupt' },
          { endpointNumber: 2, direction: 'out', type: 'bulk' },
          { endpointNumber: 2, direction: 'in', type: 'bulk', packetSize: PACKET_SIZE },
        ],
      },
    },
  ];
}
