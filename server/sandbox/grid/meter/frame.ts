import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { bcdBytes } from '@bianmin/card/testing/meter-bcd';
import type { CardSecurity } from '../platform/encryptor.ts';

/** Money and count on their way to a meter from afar. */
export interface CreditFrame {
  /** 12 digits, of the meter that it is for; addressed by it and under the MAC, but not in the frame. */
  readonly meterNo: string;
  /** 12 digits. */
  readonly customerNo: string;
  readonly amountFen: number;
  readonly count: number;
}

const LENGTH = 18;

/**
 * Amount 4 ‖ count 4 ‖ customer number 6, BCD ‖ MAC 4, hex. The order of fields is the one that DL/T 645-2007 frames
 * of data identity 070102FF are built with in public code; one MAC over all of it and the meter's number stands for
 * their two. Real frames come from the grid's encryptor and are opaque to everybody else.
 */
export function encodeFrame(frame: CreditFrame, security: CardSecurity): string {
  const bytes = new Uint8Array(LENGTH);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, frame.amountFen);
  view.setUint32(4, frame.count);
  bytes.set(bcdBytes(frame.customerNo), 8);
  bytes.set(security.creditMac(frame), 14);
  return toHex(bytes);
}

/** What a meter makes out of a frame that came to it; undefined where it has another length. */
export function decodeFrame(
  hex: string,
  meterNo: string,
): { readonly frame: CreditFrame; readonly mac: string } | undefined {
  const bytes = fromHex(hex);
  if (bytes.length !== LENGTH) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const customerNo = toHex(bytes.subarray(8, 14));
  const frame = { meterNo, customerNo, amountFen: view.getUint32(0), count: view.getUint32(4) };
  return { frame, mac: toHex(bytes.subarray(14)) };
}
