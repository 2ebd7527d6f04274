import { concatBytes } from '../bytes/compare.ts';
import { HEADER_LENGTH } from '../framing/ccid/constants.ts';
import { announcedLength } from '../framing/ccid/message.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';

/** Longer than a reader needs for the next packet of a message that it has begun. */
const DRAIN_MS = 100;
/** More of them make no message. */
const MAX_TRANSFERS = 16;
/** Where the port knows no packet size, a transfer is at least as long as a full-speed packet. */
const FULL_SPEED_PACKET = 64;
/** Empty transfers in front of a message: zero-length packets that ended earlier ones. */
const MAX_EMPTY = 2;
/** No message is longer: an extended APDU and its header (CCID rev 1.1 §6.1.4). */
const MAX_LENGTH = HEADER_LENGTH + 65_544;

/** Whole messages from a reader's bulk-in pipe. */
export class BulkIn {
  readonly #port: UsbPort;
  readonly #transferBytes: number;
  readonly #packet: number | undefined;

  /** `maxMessage` is dwMaxCCIDMessageLength. */
  constructor(port: UsbPort, maxMessage: number) {
    this.#port = port;
    this.#transferBytes = Math.max(maxMessage, FULL_SPEED_PACKET);
    this.#packet = port.packetSize;
  }

  /**
   * One whole message, in as many transfers as it takes; empty ones (zero-length packets) are passed over. Where the
   * packet size is known, the first packet says how much is still to come, and exactly that is asked for: a reader
   * that leaves out the zero-length packet after n full ones would keep a longer transfer waiting.
   */
  async message(timeoutMs: number): Promise<Uint8Array> {
    let bytes = await this.#port.bulkIn(this.#packet ?? this.#transferBytes, timeoutMs);
    let whole = announcedLength(bytes);
    for (let empty = 0; whole === undefined || bytes.length < whole;) {
      if (whole !== undefined && whole > MAX_LENGTH) {
        await this.#drain();
        break;
      }
      const part = await this.#port.bulkIn(this.#rest(bytes.length, whole), timeoutMs);
      if (part.length === 0 && ++empty > MAX_EMPTY) break;
      bytes = bytes.length === 0 ? part : concatBytes(bytes, part);
      whole = announcedLength(bytes);
    }
    return bytes;
  }

  /** Takes out the rest of a message whose length made no sense: it would be taken for the beginning of the next one. */
  async #drain(): Promise<void> {
    for (let transfers = 0; transfers < MAX_TRANSFERS; transfers++) {
      try {
        await this.#port.bulkIn(this.#rest(0, this.#transferBytes), DRAIN_MS);
      } catch (error) {
        if (isStall(error)) await this.#port.clearHalt('bulk-in').catch(() => undefined);
        return;
      }
    }
  }

  #rest(have: number, whole: number | undefined): number {
    if (this.#packet === undefined) return this.#transferBytes;
    return whole === undefined ? this.#packet : Math.ceil((whole - have) / this.#packet) * this.#packet;
  }
}

export function isStall(error: unknown): boolean {
  return error instanceof UsbError && error.code === 'usb.stall';
}
