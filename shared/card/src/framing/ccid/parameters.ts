import { framingError } from '../error.ts';

/** Protocol data of Get-, Reset- and SetParameters and of the Parameters answer (CCID rev 1.1 §6.1.7, §6.2.3). */
export type ProtocolData =
  | {
      readonly protocol: 0;
      /** bmFindexDindex, coded as TA1. */
      readonly fiDi: number;
      /** Extra guard time N of TC1: 0–254 etu, 255 for none at all. */
      readonly guardTime: number;
      /** WI of TC2: the work waiting time is 960 · D · WI etu. */
      readonly waiting: number;
      readonly clockStop: ClockStop;
      /** Told to the reader, which goes by TS itself (§6.1.7). */
      readonly inverse: boolean;
    }
  | {
      readonly protocol: 1;
      readonly fiDi: number;
      readonly guardTime: number;
      /** BWI, high four bits, and CWI. */
      readonly waiting: number;
      readonly clockStop: ClockStop;
      readonly inverse: boolean;
      readonly crc: boolean;
      /** Information field size of the card, bytes, 1–254. */
      readonly ifsc: number;
      readonly nad: number;
    };

/** bClockStop: whether the clock may stop, and at which level. */
export type ClockStop = 0 | 1 | 2 | 3;

export const T0_PARAMETERS_LENGTH = 5;
export const T1_PARAMETERS_LENGTH = 7;
/** bmTCCKS: bit 1 convention, bit 0 CRC; T=1 has a constant 1 in bit 4 (§6.1.7). */
const INVERSE = 0x02;
const CRC = 0x01;
const T1_CONSTANT = 0x10;

/** Five bytes for T=0, seven for T=1. */
export function encodeProtocolData(data: ProtocolData): Uint8Array {
  const convention = data.inverse ? INVERSE : 0;
  const { fiDi, guardTime, waiting, clockStop } = data;
  if (data.protocol === 0) return Uint8Array.of(fiDi, convention, guardTime, waiting, clockStop);
  const checks = T1_CONSTANT | convention | (data.crc ? CRC : 0);
  return Uint8Array.of(fiDi, checks, guardTime, waiting, clockStop, data.ifsc, data.nad);
}

/** `protocol` is bProtocolNum; `framing.length` or `framing.type` for anything that is not its structure. */
export function decodeProtocolData(protocol: number, bytes: Uint8Array): ProtocolData {
  if (protocol !== 0 && protocol !== 1) {
    throw framingError('framing.type', 'The reader names a protocol that does not exist.', { protocol });
  }
  if (bytes.length !== (protocol === 0 ? T0_PARAMETERS_LENGTH : T1_PARAMETERS_LENGTH)) {
    const context = { protocol, length: bytes.length };
    throw framingError('framing.length', 'The reader’s parameters have a wrong length.', context);
  }
  const [fiDi = 0, checks = 0, guardTime = 0, waiting = 0, stop = 0, ifsc = 0, nad = 0] = bytes;
  const clockStop = (stop & 3) as ClockStop;
  const common = { fiDi, guardTime, waiting, clockStop, inverse: (checks & INVERSE) !== 0 };
  return protocol === 0
    ? { protocol, ...common }
    : { protocol, ...common, crc: (checks & CRC) !== 0, ifsc, nad };
}
