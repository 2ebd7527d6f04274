import { concatBytes } from '../bytes/compare.ts';
import { HEADER_LENGTH } from '../framing/ccid/constants.ts';
import { announcedLength } from '../framing/ccid/message.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import { tooLong } from './ccid-link-error.ts';

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

/** A reader's bulk-in pipe. */
export interface BulkIn {
  readonly port: UsbPort;
  /** dwMaxCCIDMessageLength. */
  readonly maxMessage: number;
  /** On the link's clock, ms; stands still where the link has none. */
  readonly now: () => number;
}

/**
 * One whole message, in as many transfers as it takes; empty ones (zero-length packets) are passed over. Where the
 * packet size is known, the first transfer has room for an answer of so many bytes of data as are expected, and what is
 * still to come then is asked for exactly: a reader that leaves out the zero-length packet after n full ones would keep
 * a longer transfer waiting. It still does where a card gives less than it was asked for, in whole packets; other drivers
 * ask for the longest message each time. The whole message has `timeoutMs`, not each of its packets: one that comes byte
 * by byte is `usb.timeout`.
 */
export async function readMessage(
  { port, maxMessage, now }: BulkIn,
  { timeoutMs, expects }: { readonly timeoutMs: number; readonly expects: number },
): Promise<Uint8Array> {
  const { packetSize } = port;
  const until = now() + timeoutMs;
  const longest = Math.min(Math.max(maxMessage, FULL_SPEED_PACKET), MAX_LENGTH);
  const first =
    packetSize === undefined ? longest : roundUp(Math.min(HEADER_LENGTH + expects, longest), packetSize);
  let bytes = await port.bulkIn(first, timeoutMs);
  let whole = announcedLength(bytes);
  for (let empty = 0; whole === undefined || bytes.length < whole;) {
    if (whole !== undefined && whole > MAX_LENGTH) {
      await drain(port, packetSize === undefined ? longest : roundUp(longest, packetSize));
      break;
    }
    const missing = whole === undefined ? 1 : whole - bytes.length;
    const length = packetSize === undefined ? longest : roundUp(missing, packetSize);
    const part = await port.bulkIn(length, leftUntil(until, now()));
    if (part.length === 0 && ++empty > MAX_EMPTY) break;
    bytes = bytes.length === 0 ? part : concatBytes(bytes, part);
    whole = announcedLength(bytes);
  }
  return bytes;
}

function leftUntil(until: number, now: number): number {
  if (now < until) return until - now;
  throw tooLong();
}

function roundUp(bytes: number, packetSize: number): number {
  return Math.ceil(bytes / packetSize) * packetSize;
}

/** Takes out the rest of a message whose length made no sense: it would be taken for the beginning of the next one. */
async function drain(port: UsbPort, length: number): Promise<void> {
  for (let transfers = 0; transfers < MAX_TRANSFERS; transfers++) {
    try {
      await port.bulkIn(length, DRAIN_MS);
    } catch (error) {
      if (isStall(error)) await port.clearHalt('bulk-in').catch(() => undefined);
      return;
    }
  }
}

export function isStall(error: unknown): boolean {
  return error instanceof UsbError && error.code === 'usb.stall';
}
