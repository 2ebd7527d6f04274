import { equalHex, hmacSm3 } from '../wire/sm.ts';
import type { Sm2Private, Sm2Public } from '../wire/sm2.ts';
import { encodeFields, takeFields, widthOf, type Values } from './fields.ts';
import { LENGTH_DIGITS } from './frame-reader.ts';
import { malformed } from './malformed.ts';
import { HEAD } from './tables.ts';
import { TRADES } from './constants.ts';

export type Head = Values<typeof HEAD>;
export const VERSION = '01';

/** A frame taken apart; nothing in it is proven yet. */
export interface Frame {
  readonly head: Head;
  readonly body: Uint8Array;
  /** Everything that the seal covers: length, head, body. */
  readonly covered: Uint8Array;
  /** MAC or signature, upper-case hex. */
  readonly seal: string;
}

/** HMAC-SM3 under a session's working key, or, where there is none, an SM2 signature. */
export type Sealer = { readonly mac: Uint8Array } | { readonly signer: Sm2Private };
export type Verifier = { readonly mac: Uint8Array } | { readonly verifier: Sm2Public };

const MAC_DIGITS = 64;
const SIGNATURE_DIGITS = 128;
const HEAD_WIDTH = widthOf(HEAD);

/** Frames that stand outside of sessions are signed: the sign-on, and the word that a frame was not processed. */
function isSigned({ trade, direction }: Pick<Head, 'trade' | 'direction'>): boolean {
  return trade === TRADES.signOn || direction === 'N';
}

export function encodeFrame(head: Head, body: Uint8Array, sealer: Sealer): Buffer {
  const sealDigits = isSigned(head) ? SIGNATURE_DIGITS : MAC_DIGITS;
  const length = String(HEAD_WIDTH + body.length + sealDigits).padStart(LENGTH_DIGITS, '0');
  const covered = Buffer.concat([Buffer.from(length, 'latin1'), encodeFields(HEAD, head), body]);
  const seal =
    'mac' in sealer ? Buffer.from(hmacSm3(sealer.mac, covered)).toString('hex') : sealer.signer.sign(covered);
  if (seal.length !== sealDigits) throw malformed('seal', 'is not of the kind that this frame has');
  return Buffer.concat([covered, Buffer.from(seal.toUpperCase(), 'latin1')]);
}

/** Takes a whole frame apart. Fails with `wire.malformed`. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const { values: head, rest } = takeFields(HEAD, bytes.subarray(LENGTH_DIGITS));
  if (head.version !== VERSION) throw malformed('version', 'is not ours');
  if (!['Q', 'A', 'N'].includes(head.direction)) throw malformed('direction', 'is none');
  const bodyLength = rest.length - (isSigned(head) ? SIGNATURE_DIGITS : MAC_DIGITS);
  if (bodyLength < 0) throw malformed('seal', 'ends too early');
  const seal = Buffer.from(rest.subarray(bodyLength)).toString('latin1');
  if (!/^[0-9A-F]*$/.test(seal)) throw malformed('seal', 'is not upper-case hex');
  const covered = bytes.subarray(0, LENGTH_DIGITS + HEAD_WIDTH + bodyLength);
  return { head, body: rest.subarray(0, bodyLength), covered, seal };
}

export function verifies({ covered, seal }: Frame, verifier: Verifier): boolean {
  if ('verifier' in verifier) return verifier.verifier.verify(covered, seal.toLowerCase());
  return equalHex(seal, Buffer.from(hmacSm3(verifier.mac, covered)).toString('hex'));
}
