import type { RawHidDevice } from '../usb/hid-port.ts';

/** The part of a WebHID device that a port needs (WICG WebHID, HIDDevice). */
export interface WebHidDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  readonly opened: boolean;
  readonly collections: readonly WebHidCollection[];
  open(): Promise<void>;
  close(): Promise<void>;
  sendReport(reportId: number, data: Uint8Array<ArrayBuffer>): Promise<void>;
  addEventListener(type: 'inputreport', listener: (event: WebHidReportEvent) => void): void;
  removeEventListener(type: 'inputreport', listener: (event: WebHidReportEvent) => void): void;
}

export interface WebHidCollection {
  readonly usagePage?: number;
  readonly usage?: number;
  readonly inputReports?: readonly {
    readonly items?: readonly { readonly reportSize?: number; readonly reportCount?: number }[];
  }[];
}

export interface WebHidReportEvent {
  readonly reportId: number;
  /** Without the id. */
  readonly data: {
    readonly buffer: ArrayBufferLike;
    readonly byteOffset: number;
    readonly byteLength: number;
  };
}

/** A page's HID device as the port wants it. Unplugging is told by the bus: the device itself says nothing. */
export function webHidDevice(device: WebHidDevice): RawHidDevice {
  let off: (() => void) | undefined;
  return {
    inputReportLength: inputReportLength(device),
    open: async ({ onReport }) => {
      if (!device.opened) await device.open();
      const listener = ({ reportId, data }: WebHidReportEvent): void => {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        onReport({ id: reportId, data: Uint8Array.from(bytes) });
      };
      device.addEventListener('inputreport', listener);
      off = () => {
        device.removeEventListener('inputreport', listener);
      };
    },
    send: ({ id, data }) => device.sendReport(id, Uint8Array.from(data)),
    close: async () => {
      off?.();
      await device.close();
    },
  };
}

/** Of the longest input report, bytes; fields are counted in bits (HID 1.11 §6.2.2.7). */
function inputReportLength(device: WebHidDevice): number | undefined {
  const lengths = device.collections
    .flatMap(({ inputReports }) => inputReports ?? [])
    .map(({ items = [] }) =>
      Math.ceil(items.reduce((bits, item) => bits + (item.reportSize ?? 0) * (item.reportCount ?? 0), 0) / 8),
    );
  return lengths.length === 0 ? undefined : Math.max(...lengths);
}
