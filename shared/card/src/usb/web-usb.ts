/**
 * The part of a WebUSB device that the port needs: a browser's, or the `usb` package's with the same methods. The
 * package takes a time-out, ms, as a last argument (1,000 when absent, after which it gives up); a browser ignores it.
 */
export interface WebUsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturerName?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly serialNumber?: string | null | undefined;
  readonly configuration?: WebUsbConfiguration | null | undefined;
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  claimInterface(number: number): Promise<void>;
  /** Closing alone leaves the interface claimed in the `usb` package 3.x. */
  releaseInterface(number: number): Promise<void>;
  controlTransferIn(setup: WebUsbSetup, length: number): Promise<WebUsbIn>;
  /** The `usb` package 3.x fails without data, even if there are none. */
  controlTransferOut(
    setup: WebUsbSetup,
    data: Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly status?: string | undefined }>;
  transferIn(endpoint: number, length: number, timeoutMs?: number): Promise<WebUsbIn>;
  transferOut(
    endpoint: number,
    data: Uint8Array<ArrayBuffer>,
    timeoutMs?: number,
  ): Promise<{ readonly status?: string | undefined }>;
  clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void>;
}

export interface WebUsbSetup {
  readonly requestType: 'standard' | 'class';
  readonly recipient: 'device' | 'interface';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

export interface WebUsbIn {
  readonly data?:
    | { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }
    | undefined;
  readonly status?: string | undefined;
}

export interface WebUsbConfiguration {
  readonly interfaces: readonly {
    readonly interfaceNumber: number;
    readonly alternate: {
      readonly interfaceClass: number;
      readonly endpoints: readonly {
        readonly endpointNumber: number;
        readonly direction: 'in' | 'out';
        readonly type: 'bulk' | 'interrupt' | 'isochronous';
        /** wMaxPacketSize, bytes. */
        readonly packetSize?: number;
      }[];
    };
  }[];
}

/** bInterfaceClass of card readers. */
export const SMART_CARD_CLASS = 0x0b;
/** Vendor specific: some older readers speak CCID under it, and so do modems and serial adapters their own things. */
export const VENDOR_CLASS = 0xff;

/** Where a device's CCID interface is; undefined for a device without one. */
export interface CcidInterface {
  readonly number: number;
  readonly bulkIn: number;
  readonly bulkOut: number;
  readonly interruptIn: number | undefined;
  /** Of bulk-in, bytes. */
  readonly packetSize: number | undefined;
}

export function findCcidInterface(
  configuration: WebUsbConfiguration | null | undefined,
  classes: readonly number[] = [SMART_CARD_CLASS, VENDOR_CLASS],
): CcidInterface | undefined {
  for (const cls of classes) {
    for (const { interfaceNumber, alternate } of configuration?.interfaces ?? []) {
      if (alternate.interfaceClass !== cls) continue;
      const endpoint = (type: string, direction: string) =>
        alternate.endpoints.find((each) => each.type === type && each.direction === direction);
      const [bulkIn, bulkOut] = [endpoint('bulk', 'in'), endpoint('bulk', 'out')];
      if (bulkIn === undefined || bulkOut === undefined) continue;
      return {
        number: interfaceNumber,
        bulkIn: bulkIn.endpointNumber,
        bulkOut: bulkOut.endpointNumber,
        interruptIn: endpoint('interrupt', 'in')?.endpointNumber,
        packetSize: bulkIn.packetSize,
      };
    }
  }
  return undefined;
}

/** bInterfaceClass of printers (USB Printer Class 1.1 §4.2). */
export const PRINTER_CLASS = 0x07;

/** Where a device's printer interface is; undefined for a device without one. */
export interface PrinterInterface {
  readonly number: number;
  readonly bulkOut: number;
  /** Absent in printers that only listen. */
  readonly bulkIn: number | undefined;
}

export function findPrinterInterface(
  configuration: WebUsbConfiguration | null | undefined,
): PrinterInterface | undefined {
  for (const { interfaceNumber, alternate } of configuration?.interfaces ?? []) {
    if (alternate.interfaceClass !== PRINTER_CLASS) continue;
    const bulk = (direction: 'in' | 'out') =>
      alternate.endpoints.find((each) => each.type === 'bulk' && each.direction === direction);
    const out = bulk('out');
    if (out === undefined) continue;
    return {
      number: interfaceNumber,
      bulkOut: out.endpointNumber,
      bulkIn: bulk('in')?.endpointNumber,
    };
  }
  return undefined;
}
