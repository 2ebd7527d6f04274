import { xorOf } from '../../bytes/compare.ts';
import { HEADER_LENGTH, INTERRUPT } from '../ccid/constants.ts';
import { announcedLength } from '../ccid/message.ts';
import { framingError } from '../error.ts';
import type { FramingError } from '../error.ts';
import { ETX, STX } from './profile.ts';
import type { HidFraming } from './profile.ts';

/** Type, slot, sequence number and code (CCID rev 1.1 §6.3.2). */
const HARDWARE_ERROR_BYTES = 4;

/** What came out of the reports: a whole message, or why one was thrown away. */
export type HidArrival = { readonly message: Uint8Array } | { readonly fault: FramingError };

/**
 * Messages from input reports, fed as they come. Where a report ends is known by counting bytes, so that reports may
 * be pushed in pieces or several at once. Messages may follow each other within a report; a `plain` one's length
 * field then lies wholly in it. After noise, the next report starts afresh. Never throws, and never holds more than
 * the longest message.
 */
export class HidDecoder {
  readonly #framing: HidFraming;
  /** Bytes of the message under way with its wrapper; empty between messages. */
  #bytes: number[] = [];
  /** Bytes of the current report that were taken. */
  #at = 0;
  /** Whether the rest of this report means nothing: padding, or what follows noise. */
  #skipping = false;

  constructor(framing: HidFraming) {
    this.#framing = framing;
  }

  push(chunk: Uint8Array): HidArrival[] {
    const arrivals: HidArrival[] = [];
    for (const byte of chunk) {
      const arrival = this.#skipping ? undefined : this.#take(byte);
      if (arrival !== undefined) arrivals.push(arrival);
      this.#at++;
      if (this.#at === this.#framing.reportSize) {
        this.#at = 0;
        this.#skipping = false;
      }
    }
    return arrivals;
  }

  /** Forgets a message under way: the next report starts afresh. */
  reset(): void {
    this.#bytes = [];
    this.#at = 0;
    this.#skipping = false;
  }

  #take(byte: number): HidArrival | undefined {
    this.#bytes.push(byte);
    switch (this.#framing.wrapper) {
      case 'ccid-xor':
        return this.#wrapped();
      case 'plain':
        return this.#plain();
    }
  }

  #wrapped(): HidArrival | undefined {
    const bytes = this.#bytes;
    if (bytes[0] !== STX) {
      const [type] = bytes;
      this.#skip();
      return type === this.#framing.padding ? undefined : this.#noise('framing.type', { type });
    }
    const length = this.#announced();
    if (length === undefined) return undefined;
    if (length > this.#framing.maxMessage) return this.#noise('framing.length', { announced: length });
    if (bytes.length < length + 3) return undefined;
    const message = Uint8Array.from(bytes.slice(1, 1 + length));
    if (bytes[1 + length] !== ETX) return this.#noise('framing.type', { end: bytes[1 + length] });
    if (bytes[2 + length] !== (xorOf(message) ^ ETX)) return this.#noise('framing.checksum');
    this.#bytes = [];
    return { message };
  }

  /** Length of the wrapped message under way; undefined while it cannot be known. */
  #announced(): number | undefined {
    const type = this.#bytes[1];
    if (type === INTERRUPT.notifySlotChange) return this.#framing.noticeBytes;
    if (type === INTERRUPT.hardwareError) return HARDWARE_ERROR_BYTES;
    return announcedLength(Uint8Array.from(this.#bytes.slice(1, 1 + HEADER_LENGTH)));
  }

  #plain(): HidArrival | undefined {
    const { lengthBytes, lengthOrder, reportSize, maxMessage } = this.#framing;
    const bytes = this.#bytes;
    const fieldStart = this.#at + 1 - bytes.length;
    // Behind a message, where no whole length field fits any more, there is padding.
    if (bytes.length === 1 && fieldStart > 0 && fieldStart + lengthBytes > reportSize) {
      this.#skip();
      return undefined;
    }
    if (bytes.length < lengthBytes) return undefined;
    const [first = 0, second = 0] = bytes;
    const length =
      lengthBytes === 1 ? first : lengthOrder === 'big' ? first * 256 + second : second * 256 + first;
    if (length === 0) {
      this.#skip();
      return undefined;
    }
    if (length > maxMessage) return this.#noise('framing.length', { announced: length });
    if (bytes.length < lengthBytes + length) return undefined;
    this.#bytes = [];
    return { message: Uint8Array.from(bytes.slice(lengthBytes)) };
  }

  #skip(): void {
    this.#bytes = [];
    this.#skipping = true;
  }

  #noise(code: 'framing.type' | 'framing.length' | 'framing.checksum', context = {}): HidArrival {
    this.#skip();
    return { fault: framingError(code, 'The reader sent a damaged report.', context) };
  }
}
