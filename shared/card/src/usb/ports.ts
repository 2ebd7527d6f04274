/** What is known of an attached USB device before it is opened. */
export interface UsbDeviceInfo {
  /** Stable while the device stays plugged in: bus and address, or the sandbox's reader id. */
  readonly id: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer?: string;
  readonly product?: string;
  readonly serialNumber?: string;
}

/** Names for the three endpoints of a CCID interface. */
export type UsbEndpoint = 'bulk-out' | 'bulk-in' | 'interrupt-in';

/**
 * One claimed CCID interface: bytes out, bytes in, nothing interpreted.
 *
 * Every transfer has its own timeout and never hangs. Failures are `UsbError`s:
 * `usb.timeout`, `usb.stall` (call `clearHalt`), `usb.gone` (unplugged; the port is dead).
 * One transfer at a time for each endpoint; a second concurrent one fails with `usb.busy`.
 */
export interface UsbPort {
  readonly info: UsbDeviceInfo;
  /** The 54-byte CCID class descriptor (bDescriptorType 0x21), as the device gave it. */
  readonly ccidDescriptor: Uint8Array;
  /** wMaxPacketSize of bulk-in, bytes, where the platform says it: a read of one packet never overflows. */
  readonly packetSize?: number;
  bulkOut(data: Uint8Array, timeoutMs: number): Promise<void>;
  /** One transfer: ends at a short packet or at `maxLength` bytes. */
  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array>;
  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array>;
  /** Class request ABORT (CCID rev 1.1 §5.3.1) on the control pipe. */
  controlAbort(slot: number, seq: number, timeoutMs: number): Promise<void>;
  clearHalt(endpoint: UsbEndpoint): Promise<void>;
  close(): Promise<void>;
}

/** Enumeration and hot plug. */
export interface UsbBus {
  /** CCID devices that are attached now. */
  list(): Promise<UsbDeviceInfo[]>;
  open(id: string): Promise<UsbPort>;
  /** Calls back with the new list after each attach or detach; returns its own removal. */
  onChange(listener: (devices: UsbDeviceInfo[]) => void): () => void;
  close(): Promise<void>;
}

/** What is known of an attached HID device before it is opened; one for each of its top-level collections. */
export interface HidDeviceInfo extends UsbDeviceInfo {
  /** Of the collection (HID 1.11 §6.2.2.6); absent where the platform does not say. */
  readonly usagePage?: number;
  readonly usage?: number;
}

/** One report. `id` is 0 where the device does not number its reports; `data` never carries it. */
export interface HidReport {
  readonly id: number;
  readonly data: Uint8Array;
}

/**
 * One opened HID device: whole reports out, whole reports in, nothing interpreted.
 *
 * Every call has its own timeout and never hangs. Failures are `UsbError`s: `usb.timeout`, `usb.gone` (unplugged or
 * closed; the port is dead), `usb.busy` for a second concurrent read or write, `usb.io`. HID has no stall to clear.
 * Reports that come between two reads wait for the next one, the newest 256 of them.
 */
export interface HidPort {
  readonly info: HidDeviceInfo;
  /** Bytes of the longest input report, without its id; undefined where the platform does not say. */
  readonly inputReportLength: number | undefined;
  writeReport(report: HidReport, timeoutMs: number): Promise<void>;
  readReport(timeoutMs: number): Promise<HidReport>;
  close(): Promise<void>;
}

/** Enumeration and hot plug of HID devices. */
export interface HidBus {
  /** Devices that are attached now, of those that the bus was told to look for. */
  list(): Promise<HidDeviceInfo[]>;
  /** `usb.permission` where the system does not let us, `usb.gone` for one that is not attached. */
  open(id: string): Promise<HidPort>;
  /** Calls back with the new list after each attach or detach; returns its own removal. */
  onChange(listener: (devices: HidDeviceInfo[]) => void): () => void;
  close(): Promise<void>;
}

/** The system's PC/SC service: it owns the reader, we pass APDUs. */
export interface PcscPort {
  /** Readers that are there now. */
  readers(): Promise<readonly PcscReader[]>;
  /** Calls back after a reader came or went or a card did; returns its own removal. */
  onChange(listener: () => void): () => void;
  /**
   * Connects to the card in `reader`, for us alone; a connection still open there is given up first. Fails with
   * `pcsc.no-card` where there is none, `pcsc.mute` where it does not answer, `pcsc.busy` where another program has it.
   */
  connect(reader: string): Promise<PcscCard>;
  close(): Promise<void>;
}

export interface PcscReader {
  /** As the service names it: "ACS ACR38U-CCID 00 00". */
  readonly name: string;
  /** Of the card in it: empty where the card does not answer, absent where there is none. */
  readonly atr: Uint8Array | undefined;
}

/** A powered card. After `pcsc.removed`, `pcsc.gone`, `pcsc.timeout` or `pcsc.no-service` it is dead. */
export interface PcscCard {
  readonly atr: Uint8Array;
  /** The protocol that the service chose; at T=0, 61xx and 6Cxx are ours to deal with. */
  readonly protocol: 0 | 1;
  /** At least two bytes. `pcsc.removed` also where the card left in the middle; the command may have had its effect. */
  transmit(apdu: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  /** Takes power from the card. Never throws. */
  disconnect(): Promise<void>;
}
