import { concatBytes } from '../bytes/compare.ts';
import type { NodeUsbDevice } from '../node/usb-bus.ts';
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
  const asVersion3 = init.givesUpMs !== undefined;
  let claimed = false;
  let port: UsbPort | undefined;
  const opened = (): UsbPort => {
    if (port === undefined || !claimed) throw new Error('endpoint not found');
    return port;
  };
  const wait = (asked: number | undefined): number =>
    asVersion3 ? Math.min(asked ?? 1_000, init.givesUpMs ?? FOR_EVER) : FOR_EVER;
  const transfer = async (work: Promise<Uint8Array>): Promise<WebUsbIn> => {
    try {
      const bytes = await work;
      return { status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) };
    } catch (error) {
      const code = error instanceof UsbError ? error.code : undefined;
      if (code === 'usb.stall' && !asVersion3) return { status: 'stall' };
      throw new Error(`transferIn error: ${ENDS[code ?? ''] ?? 'Fault'}`);
    }
  };
  return {
    vendorId: reader.info.vendorId,
    productId: reader.info.productId,
    productName: 'CCID USB Reader',
    bus: reader.info.id,
    address: 4,
    handle: `DeviceId(${reader.info.id})`,
    get configuration() {
      if (init.forbidden?.() === true) throw new Error('open error: permission denied');
      return { interfaces: interfacesOf(init.interfaceClass ?? 0x0b) };
    },
    open: () => {
      if (init.forbidden?.() === true) return Promise.reject(new Error('open error: permission denied'));
      port = reader.attach();
      return Promise.resolve();
    },
    close: async () => {
      await port?.close();
    },
    selectConfiguration: () => Promise.resolve(),
    claimInterface: () => {
      claimed = true;
      return Promise.resolve();
    },
    releaseInterface: () => {
      claimed = false;
      return Promise.resolve();
    },
    detachKernelDriver: () => Promise.reject(new Error('no driver attached')),
    controlTransferIn: () => {
      // Configuration, interface 0 of class 0B, then the class descriptor, as on the wire.
      const head = Uint8Array.of(9, 2, 72, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 3, 0x0b, 0, 0, 0);
      return Promise.resolve({ data: new DataView(concatBytes(head, reader.ccidDescriptor).slice().buffer) });
    },
    controlTransferOut: async (_setup, data) => {
      // Version 3.1 looks into the data before it looks whether there are any.
      if (!ArrayBuffer.isView(data))
        throw new TypeError("Cannot read properties of undefined (reading 'buffer')");
      await opened().controlAbort(0, 0, 0);
      return { status: 'ok' };
    },
    transferIn: (endpoint, length, timeoutMs) =>
      transfer(
        endpoint === 1
          ? opened().interruptIn(length, wait(timeoutMs))
          : opened().bulkIn(length, wait(timeoutMs)),
      ),
    transferOut: async (_endpoint, data) => {
      await opened().bulkOut(data, 0);
      return { status: 'ok' };
    },
    clearHalt: (direction, endpoint) =>
      opened().clearHalt(direction === 'out' ? 'bulk-out' : endpoint === 1 ? 'interrupt-in' : 'bulk-in'),
  };
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
