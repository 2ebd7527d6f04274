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

/** The system's PC/SC service: it owns the reader, we pass APDUs. */
export interface PcscPort {
  readers(): Promise<string[]>;
  /** Calls back when a reader comes or goes or a card does. */
  onChange(listener: (reader: string, atr: Uint8Array | undefined) => void): () => void;
  /** Connects to the card in `reader`; fails with `pcsc.no-card` where there is none. */
  connect(reader: string): Promise<PcscCard>;
  close(): Promise<void>;
}

export interface PcscCard {
  readonly atr: Uint8Array;
  transmit(apdu: Uint8Array, timeoutMs: number): Promise<Uint8Array>;
  disconnect(): Promise<void>;
}
