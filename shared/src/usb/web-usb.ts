/** The part of a WebUSB device that the port needs: a browser's, or the `usb` package's with the same methods. */
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
  controlTransferIn(setup: WebUsbSetup, length: number): Promise<WebUsbIn>;
  controlTransferOut(setup: WebUsbSetup): Promise<{ readonly status?: string | undefined }>;
  transferIn(endpoint: number, length: number): Promise<WebUsbIn>;
  transferOut(
    endpoint: number,
    data: Uint8Array<ArrayBuffer>,
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
      }[];
    };
  }[];
}

/** bInterfaceClass: smart card; and vendor specific, under which some older readers speak CCID. */
const CLASSES = [0x0b, 0xff] as const;

/** Where a device's CCID interface is; undefined for a device without one. */
export interface CcidInterface {
  readonly number: number;
  readonly bulkIn: number;
  readonly bulkOut: number;
  readonly interruptIn: number | undefined;
}

export function findCcidInterface(
  configuration: WebUsbConfiguration | null | undefined,
): CcidInterface | undefined {
  for (const cls of CLASSES) {
    for (const { interfaceNumber, alternate } of configuration?.interfaces ?? []) {
      if (alternate.interfaceClass !== cls) continue;
      const endpoint = (type: string, direction: string): number | undefined =>
        alternate.endpoints.find((each) => each.type === type && each.direction === direction)
          ?.endpointNumber;
      const [bulkIn, bulkOut] = [endpoint('bulk', 'in'), endpoint('bulk', 'out')];
      if (bulkIn === undefined || bulkOut === undefined) continue;
      return { number: interfaceNumber, bulkIn, bulkOut, interruptIn: endpoint('interrupt', 'in') };
    }
  }
  return undefined;
}
