import { concatBytes } from '@bianmin/card/bytes/compare';

/**
 * Packets of usbredir, by which a USB device that is nowhere is plugged into QEMU: little endian, without gaps (SPICE's "USB Network Redirection protocol", 0.7). Only what a device with control, bulk and interrupt endpoints needs.
 */
export const PACKET = {
  hello: 0,
  deviceConnect: 1,
  deviceDisconnect: 2,
  reset: 3,
  interfaceInfo: 4,
  endpointInfo: 5,
  setConfiguration: 6,
  getConfiguration: 7,
  configurationStatus: 8,
  setAltSetting: 9,
  getAltSetting: 10,
  altSettingStatus: 11,
  startInterruptReceiving: 15,
  stopInterruptReceiving: 16,
  interruptReceivingStatus: 17,
  cancelData: 21,
  filterReject: 22,
  control: 100,
  bulk: 101,
  interrupt: 103,
} as const;

export const STATUS = { success: 0, cancelled: 1, invalid: 2, ioError: 3, stall: 4 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** `connect_device_version`, `ep_info_max_packet_size`, `64bits_ids`, `32bits_bulk_length`: QEMU's xHCI wants the last three. */
const CAPABILITIES = (1 << 1) | (1 << 4) | (1 << 5) | (1 << 6);
const VERSION = 64;
/** The greeting's ids have 32 bits, all others 64: each side has to have greeted before anything else is said. */
const HEADER = { greeting: 12, after: 16 } as const;

export interface Packet {
  readonly type: number;
  readonly id: bigint;
  readonly body: Uint8Array;
}

export function encodePacket({ type, id, body }: Packet): Uint8Array {
  const head = new DataView(new ArrayBuffer(type === PACKET.hello ? HEADER.greeting : HEADER.after));
  head.setUint32(0, type, true);
  head.setUint32(4, body.length, true);
  if (type !== PACKET.hello) head.setBigUint64(8, id, true);
  return concatBytes(new Uint8Array(head.buffer), body);
}

export function helloBody(version: string): Uint8Array {
  const body = new Uint8Array(VERSION + 4);
  body.set(new TextEncoder().encode(version).subarray(0, VERSION - 1));
  new DataView(body.buffer).setUint32(VERSION, CAPABILITIES, true);
  return body;
}

/** Whole packets of a stream that is cut anywhere, a greeting first. */
export class PacketStream {
  #held: Uint8Array = new Uint8Array();
  #header: number = HEADER.greeting;

  take(bytes: Uint8Array): Packet[] {
    this.#held = concatBytes(this.#held, bytes);
    const packets: Packet[] = [];
    for (;;) {
      if (this.#held.length < this.#header) return packets;
      const view = new DataView(this.#held.buffer, this.#held.byteOffset);
      const end = this.#header + view.getUint32(4, true);
      if (this.#held.length < end) return packets;
      packets.push({
        type: view.getUint32(0, true),
        id: this.#header === HEADER.greeting ? 0n : view.getBigUint64(8, true),
        body: this.#held.slice(this.#header, end),
      });
      this.#held = this.#held.slice(end);
      this.#header = HEADER.after;
    }
  }
}

/** A request on the control pipe (USB 2.0 §9.3), with its data where they go out. */
export interface Setup {
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  /** Bytes wanted, or sent. */
  readonly length: number;
  readonly data: Uint8Array;
}

const CONTROL_HEADER = 10;

export function decodeControl(body: Uint8Array): Setup {
  const view = new DataView(body.buffer, body.byteOffset);
  return {
    request: view.getUint8(1),
    requestType: view.getUint8(2),
    value: view.getUint16(4, true),
    index: view.getUint16(6, true),
    length: view.getUint16(8, true),
    data: body.slice(CONTROL_HEADER),
  };
}

/** The answer to a request: data only where they come in, and always how many bytes went either way. */
export function controlBody(body: Uint8Array, status: Status, data: Uint8Array): Uint8Array {
  const { requestType, length } = decodeControl(body);
  const isIn = (requestType & 0x80) !== 0;
  const head = body.slice(0, CONTROL_HEADER);
  const view = new DataView(head.buffer);
  view.setUint8(3, status);
  view.setUint16(8, isIn ? data.length : status === STATUS.success ? length : 0, true);
  return isIn ? concatBytes(head, data) : head;
}

export interface BulkPacket {
  readonly endpoint: number;
  readonly status: Status;
  /** Bytes wanted, sent, or taken. */
  readonly length: number;
  readonly data: Uint8Array;
}

/** With the upper half of the length behind the number of the stream. */
const BULK_HEADER = 10;

export function decodeBulk(body: Uint8Array): Omit<BulkPacket, 'status'> {
  const view = new DataView(body.buffer, body.byteOffset);
  return {
    endpoint: view.getUint8(0),
    length: view.getUint16(2, true) + view.getUint16(8, true) * 0x1_0000,
    data: body.slice(BULK_HEADER),
  };
}

export function bulkBody({ endpoint, status, length, data }: BulkPacket): Uint8Array {
  const head = new DataView(new ArrayBuffer(BULK_HEADER));
  head.setUint8(0, endpoint);
  head.setUint8(1, status);
  head.setUint16(2, length & 0xffff, true);
  head.setUint16(8, length >>> 16, true);
  return concatBytes(new Uint8Array(head.buffer), data);
}

export function interruptBody(endpoint: number, status: Status, data: Uint8Array): Uint8Array {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint8(0, endpoint);
  head.setUint8(1, status);
  head.setUint16(2, data.length, true);
  return concatBytes(new Uint8Array(head.buffer), data);
}
