import { xorOf } from '../bytes/compare.ts';
import { framingError } from './error.ts';
import type { ErrorCode } from './t1/block.ts';

/** An answer to reset, ISO/IEC 7816-3:2006 §8.2. */
export interface Atr {
  /** TS 3B or 3F. */
  readonly convention: 'direct' | 'inverse';
  /** TA1 … TDn by name. */
  readonly interfaceBytes: Readonly<Record<string, number>>;
  /** Protocols offered, in the order of their TDi; T=0 alone where there is no TD1. */
  readonly protocols: readonly number[];
  /** Information field size of the card at T=1, bytes: first TA after a TD of T=1, or 32. */
  readonly ifsc: number;
  /** How T=1 blocks are checked: bit 0 of the first TC after a TD of T=1. */
  readonly check: ErrorCode;
  /** The one protocol that the card speaks after reset: of TA2, or the first offered (§8.3). */
  readonly protocol: number;
  /** Whether TA2 fixes protocol and speed: the card changes neither on request. */
  readonly specific: boolean;
  readonly historical: Uint8Array;
}

const CONVENTIONS: Readonly<Record<number, Atr['convention']>> = { 0x3b: 'direct', 0x3f: 'inverse' };
const MAX_LENGTH = 33;

/** Every interface byte and TCK; `framing.atr` for anything that is not one whole ATR. */
export function parseAtr(bytes: Uint8Array): Atr {
  const convention = CONVENTIONS[bytes[0] ?? 0];
  if (convention === undefined || bytes.length < 2 || bytes.length > MAX_LENGTH) {
    throw framingError('framing.atr', 'This is not an answer to reset.', { length: bytes.length });
  }
  const next = readerOf(bytes);
  const t0 = next();
  const interfaceBytes: Record<string, number> = {};
  const protocols: number[] = [];
  let ifsc: number | undefined;
  let check: ErrorCode | undefined;
  let present = t0 >> 4;
  let protocol: number | undefined;
  for (let i = 1; present !== 0; i++) {
    let td = 0;
    for (const [bit, letter] of ['A', 'B', 'C', 'D'].entries()) {
      if ((present & (1 << bit)) === 0) continue;
      const value = next();
      interfaceBytes[`T${letter}${i}`] = value;
      if (letter === 'D') td = value;
      if (i <= 2 || protocol !== 1) continue;
      if (letter === 'A') ifsc ??= value;
      if (letter === 'C') check ??= (value & 1) === 1 ? 'crc' : 'lrc';
    }
    if ((present & 0x8) === 0) break;
    protocol = td & 0x0f;
    if (!protocols.includes(protocol) && protocol !== 15) protocols.push(protocol);
    present = td >> 4;
  }
  const historical = Uint8Array.from({ length: t0 & 0x0f }, next);
  if (protocols.length === 0) protocols.push(0);
  checkEnd(bytes, next.at(), interfaceBytes);
  const ta2 = interfaceBytes['TA2'];
  return {
    convention,
    interfaceBytes,
    protocols,
    protocol: ta2 === undefined ? (protocols[0] ?? 0) : ta2 & 0x0f,
    specific: ta2 !== undefined,
    ifsc: ifsc ?? 32,
    check: check ?? 'lrc',
    historical,
  };
}

/** TCK is there unless T=0 alone is offered; all bytes after TS then sum to zero (§8.2.5). */
function checkEnd(bytes: Uint8Array, at: number, interfaceBytes: Readonly<Record<string, number>>): void {
  const offers = Object.entries(interfaceBytes).filter(([name]) => name.startsWith('TD'));
  const checked = offers.some(([, td]) => (td & 0x0f) !== 0);
  if (bytes.length !== at + (checked ? 1 : 0)) {
    throw framingError('framing.atr', 'The answer to reset has a wrong length.', { length: bytes.length });
  }
  if (checked && xorOf(bytes.subarray(1)) !== 0) {
    throw framingError('framing.checksum', 'The answer to reset has a wrong check byte.');
  }
}

function readerOf(bytes: Uint8Array): { (): number; at(): number } {
  let at = 1;
  const next = (): number => {
    const byte = bytes[at++];
    if (byte === undefined) throw framingError('framing.atr', 'The answer to reset ends too early.');
    return byte;
  };
  return Object.assign(next, { at: () => at });
}
