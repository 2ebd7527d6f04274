import { concatBytes } from '../bytes/compare.ts';
import type { NodeUsbDevice, UsbSystem } from '../node/usb-readers.ts';
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
  /** What opening it fails with, each time that it is asked; undefined: nothing. */
  readonly openFails?: () => Error | undefined;
  readonly interfaceClass?: number;
}

/** A simulated reader as the `usb` package shows a device; each call gives a new object for the same device. */
export function fakeWebUsbDevice(reader: SimulatedReader, init: FakeWebUsbInit = {}): NodeUsbDevice {
  return new FakeWebUsbDevice(reader, init);
}

/** Which process, here which test, has a reader's interface: the system gives it to one at a time. */
const CLAIMS = new WeakSet<SimulatedReader>();

/** What the system tells of these readers. */
export function fakeUsbSystem(readers: () => ReadonlyMap<SimulatedReader, FakeWebUsbInit>): UsbSystem {
  const at = (bus: string) => [...readers()].find(([reader]) => reader.info.id === bus);
  return {
    interfaceClasses: ({ bus }) => {
      const found = at(bus);
      return found === undefined ? undefined : [found[1].interfaceClass ?? 0x0b];
    },
    driverOf: ({ bus }) => {
      const [reader] = at(bus) ?? [];
      if (reader === undefined) return undefined;
      return CLAIMS.has(reader) ? 'usbfs' : null;
    },
  };
}

class FakeWebUsbDevice implements NodeUsbDevice {
  readonly handle: string;
  readonly #reader: SimulatedReader;
  readonly #init: FakeWebUsbInit;
  #pending = 0;
  #claimed = false;
  #port: UsbPort | undefined;

  constructor(reader: SimulatedReader, init: FakeWebUsbInit) {
    this.#reader = reader;
    this.#init = init;
    this.handle = `DeviceId(${reader.info.id})`;
  }

  get vendorId(): number {
    this.#notBorrowed();
    return this.#reader.info.vendorId;
  }

  get productId(): number {
    this.#notBorrowed();
    return this.#reader.info.productId;
  }

  get bus(): string {
    this.#notBorrowed();
    return this.#reader.info.id;
  }

  get address(): number {
    this.#notBorrowed();
    return 4;
  }

  get productName(): string {
    if (this.#init.forbidden?.() === true) throw new Error('open error: permission denied');
    return 'CCID USB Reader';
  }

  /**
   * Fields, and what changes the device, are not to be had while a transfer is pending: version 3.1 throws at once, where a
   * promise is promised (seen with a real reader, 2026-11-28).
   */
  #notBorrowed(): void {
    if (this.#asVersion3 && this.#pending > 0) throw new Error('already borrowed');
  }

  get configuration(): NonNullable<NodeUsbDevice['configuration']> {
    if (this.#init.forbidden?.() === true) throw new Error('open error: permission denied');
    return { interfaces: interfacesOf(this.#init.interfaceClass ?? 0x0b) };
  }

  open(): Promise<void> {
    if (this.#init.forbidden?.() === true) return Promise.reject(new Error('open error: permission denied'));
    const failure = this.#init.openFails?.();
    return failure === undefined ? Promise.resolve() : Promise.reject(failure);
  }

  close(): Promise<void> {
    this.#notBorrowed();
    this.#letGo();
    return this.#port?.close() ?? Promise.resolve();
  }

  selectConfiguration(): Promise<void> {
    return Promise.resolve();
  }

  claimInterface(): Promise<void> {
    this.#notBorrowed();
    if (CLAIMS.has(this.#reader)) return Promise.reject(new Error('claimInterface error: interface is busy'));
    CLAIMS.add(this.#reader);
    this.#claimed = true;
    this.#port = this.#reader.attach();
    return Promise.resolve();
  }

  releaseInterface(): Promise<void> {
    this.#notBorrowed();
    this.#letGo();
    return Promise.resolve();
  }

  #letGo(): void {
    if (this.#claimed) CLAIMS.delete(this.#reader);
    this.#claimed = false;
  }

  /** Takes the interface from whoever has it, another program included (seen with a real stack, 2026-11-30). */
  detachKernelDriver(): Promise<void> {
    if (!CLAIMS.delete(this.#reader)) return Promise.reject(new Error('no driver attached'));
    return Promise.resolve();
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
    this.#pending += 1;
    try {
      const bytes = await work;
      return { status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) };
    } catch (error) {
      const code = error instanceof UsbError ? error.code : undefined;
      if (code === 'usb.stall' && !this.#asVersion3) return { status: 'stall' };
      throw new Error(`transferIn error: ${ENDS[code ?? ''] ?? 'Fault'}`);
    } finally {
      this.#pending -= 1;
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
