import { concatBytes } from '../bytes/compare.ts';
import type { NodeUsbDevice } from '../node/usb-bus.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import type { WebUsbIn } from '../usb/web-usb.ts';
import type { SimulatedReader } from './sim-reader.ts';

/** Longer than any test: transfers of the libusb kind never give up. */
const FOR_EVER = 2 ** 30;

/**
 * A simulated reader as the `usb` package shows a device: descriptors to search through, transfers that wait for
 * ever (`givesUp` absent) or end by themselves with an error of no use, as its two major versions do.
 */
export function fakeWebUsbDevice(reader: SimulatedReader, init: { givesUpMs?: number } = {}): NodeUsbDevice {
  let port: UsbPort | undefined;
  const opened = (): UsbPort => {
    if (port === undefined) throw new Error('LIBUSB_ERROR_OTHER');
    return port;
  };
  const wait = init.givesUpMs ?? FOR_EVER;
  const transfer = async (work: Promise<Uint8Array>): Promise<WebUsbIn> => {
    try {
      const bytes = await work;
      return { status: 'ok', data: new DataView(Uint8Array.from(bytes).buffer) };
    } catch (error) {
      if (error instanceof UsbError && error.code === 'usb.stall') return { status: 'stall' };
      throw new Error('transferIn error: Cancelled');
    }
  };
  return {
    vendorId: reader.info.vendorId,
    productId: reader.info.productId,
    productName: 'CCID USB Reader',
    bus: '1-1',
    address: 4,
    configuration: {
      interfaces: [
        {
          interfaceNumber: 0,
          alternate: {
            interfaceClass: 0x0b,
            endpoints: [
              { endpointNumber: 1, direction: 'in', type: 'interrupt' },
              { endpointNumber: 2, direction: 'out', type: 'bulk' },
              { endpointNumber: 2, direction: 'in', type: 'bulk' },
            ],
          },
        },
      ],
    },
    open: () => {
      port = reader.attach();
      return Promise.resolve();
    },
    close: async () => {
      await port?.close();
    },
    selectConfiguration: () => Promise.resolve(),
    claimInterface: () => Promise.resolve(),
    detachKernelDriver: () => Promise.reject(new Error('no driver attached')),
    controlTransferIn: () => {
      // Configuration, interface 0 of class 0B, then the class descriptor, as on the wire.
      const head = Uint8Array.of(9, 2, 72, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 3, 0x0b, 0, 0, 0);
      return Promise.resolve({ data: new DataView(concatBytes(head, reader.ccidDescriptor).slice().buffer) });
    },
    controlTransferOut: async () => {
      await opened().controlAbort(0, 0, 0);
      return { status: 'ok' };
    },
    transferIn: (endpoint, length) =>
      transfer(endpoint === 1 ? opened().interruptIn(length, wait) : opened().bulkIn(length, wait)),
    transferOut: async (_endpoint, data) => {
      await opened().bulkOut(data, 0);
      return { status: 'ok' };
    },
    clearHalt: (direction, endpoint) =>
      opened().clearHalt(direction === 'out' ? 'bulk-out' : endpoint === 1 ? 'interrupt-in' : 'bulk-in'),
  };
}
