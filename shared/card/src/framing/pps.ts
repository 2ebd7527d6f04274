import { xorOf } from '../bytes/compare.ts';
import { framingError } from './error.ts';
import { DEFAULT_FI_DI } from './fi-di.ts';

/** First character of every request and response, ISO/IEC 7816-3:2006 §9.2. */
export const PPSS = 0xff;

/** PPS0: protocol in the low four bits, then which of PPS1 to PPS3 follow; the top bit is reserved and 0. */
const PROTOCOL_MASK = 0x0f;
const PRESENT = { pps1: 0x10, pps2: 0x20, pps3: 0x40 } as const;
const RESERVED = 0x80;

/** One protocol and parameters selection, request or response: they have the same form. */
export interface Pps {
  /** T of the protocol, 0–14; 15 is none. */
  readonly protocol: number;
  /** PPS1: Fi and Di coded as TA1. Absent: Fd and Dd. */
  readonly fiDi?: number;
  /** PPS2: use of the standard or proprietary contact C6, coded as the first TB for T=15. */
  readonly spu?: number;
  /** PPS3, reserved for future use; kept so that a card's answer is not refused for a reason that it does not have. */
  readonly pps3?: number;
}

/** What came of a request. A refusal leaves no way on: the card must be powered down (§9.3). */
export type PpsJudgement =
  | {
      readonly agreed: true;
      readonly protocol: number;
      /** In force from the next character on, coded as TA1; `DEFAULT_FI_DI` where the card left PPS1 out. */
      readonly fiDi: number;
    }
  | {
      readonly agreed: false;
      readonly reason: 'malformed' | 'protocol' | 'fi-di' | 'not-asked';
    };

/** PPSS, PPS0, PPS1–3 where given, PCK: 3 to 6 bytes. `framing.pps` for a value that has no place in it. */
export function encodePps(pps: Pps): Uint8Array {
  const { protocol, fiDi, spu, pps3 } = pps;
  if (!Number.isInteger(protocol) || protocol < 0 || protocol > 14) throw refused('The protocol is none.');
  const rest = [fiDi, spu, pps3].filter((byte) => byte !== undefined);
  if (rest.some((byte) => !Number.isInteger(byte) || byte < 0 || byte > 0xff)) {
    throw refused('A parameter is no byte.');
  }
  const pps0 =
    protocol |
    (fiDi === undefined ? 0 : PRESENT.pps1) |
    (spu === undefined ? 0 : PRESENT.pps2) |
    (pps3 === undefined ? 0 : PRESENT.pps3);
  const body = [PPSS, pps0, ...rest];
  return Uint8Array.of(...body, xorOf(Uint8Array.from(body)));
}

/** A whole request or response taken apart. `framing.pps` or `framing.checksum` for anything else. */
export function decodePps(bytes: Uint8Array): Pps {
  const [ppss, pps0] = bytes;
  if (ppss !== PPSS || pps0 === undefined) throw refused('It does not begin as one.');
  if ((pps0 & RESERVED) !== 0 || (pps0 & PROTOCOL_MASK) === 15) throw refused('PPS0 has a reserved value.');
  if (bytes.length !== ppsLength(pps0)) throw refused('Its length is not what PPS0 says.');
  if (xorOf(bytes) !== 0) {
    throw framingError('framing.checksum', 'The card answered the speed request with a wrong check byte.');
  }
  let at = 2;
  const next = (mask: number): number | undefined => ((pps0 & mask) === 0 ? undefined : bytes[at++]);
  const [fiDi, spu, pps3] = [next(PRESENT.pps1), next(PRESENT.pps2), next(PRESENT.pps3)];
  return {
    protocol: pps0 & PROTOCOL_MASK,
    ...(fiDi === undefined ? {} : { fiDi }),
    ...(spu === undefined ? {} : { spu }),
    ...(pps3 === undefined ? {} : { pps3 }),
  };
}

/** Bytes of a whole request or response by its PPS0: what a reader of single characters must wait for. */
export function ppsLength(pps0: number): number {
  let length = 3;
  for (const mask of Object.values(PRESENT)) if ((pps0 & mask) !== 0) length += 1;
  return length;
}

/**
 * Whether a response accepts the request that was sent, both as bytes (§9.3). The card echoes the request, or
 * leaves out PPS1 to stay at Fd and Dd, or PPS2 or PPS3 to decline them. It may not change a value, add one or
 * choose another protocol. `framing.pps` only where the request itself is none.
 */
export function judgePps(request: Uint8Array, response: Uint8Array): PpsJudgement {
  const asked = decodePps(request);
  let answer: Pps;
  try {
    answer = decodePps(response);
  } catch {
    return { agreed: false, reason: 'malformed' };
  }
  if (answer.protocol !== asked.protocol) return { agreed: false, reason: 'protocol' };
  if (answer.fiDi !== undefined && answer.fiDi !== asked.fiDi) return { agreed: false, reason: 'fi-di' };
  for (const name of ['spu', 'pps3'] as const) {
    if (answer[name] !== undefined && answer[name] !== asked[name])
      return { agreed: false, reason: 'not-asked' };
  }
  return { agreed: true, protocol: answer.protocol, fiDi: answer.fiDi ?? DEFAULT_FI_DI };
}

function refused(what: string): Error {
  return framingError('framing.pps', `This is no protocol and parameters selection. ${what}`);
}
