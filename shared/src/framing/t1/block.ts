import { concatBytes, equalBytes, xorOf } from '../../bytes/compare.ts';
import { framingError } from '../error.ts';

/** Supervisory requests and their answers, ISO/IEC 7816-3:2006 §11.4.2. */
export const SUPERVISORY = { resynch: 0, ifs: 1, abort: 2, wtx: 3 } as const;
export type SupervisoryName = keyof typeof SUPERVISORY;

/** How a block's end is checked: one byte, or two where the first TC after a TD of T=1 says so (§11.4.4). */
export type ErrorCode = 'lrc' | 'crc';

/** One T=1 block. */
export type Block =
  | { readonly type: 'I'; readonly seq: 0 | 1; readonly more: boolean; readonly data: Uint8Array }
  /** `expects` is the sequence number wanted next. */
  | { readonly type: 'R'; readonly expects: 0 | 1; readonly error: 'none' | 'checksum' | 'other' }
  | {
      readonly type: 'S';
      readonly name: SupervisoryName;
      readonly response: boolean;
      readonly data: Uint8Array;
    };

const R_ERRORS = ['none', 'checksum', 'other'] as const;

/** NAD 00, PCB, LEN, data, check. */
export function encodeBlock(block: Block, check: ErrorCode = 'lrc'): Uint8Array {
  const data = block.type === 'R' ? new Uint8Array() : block.data;
  const body = concatBytes(Uint8Array.of(0x00, pcbOf(block), data.length), data);
  return concatBytes(body, checkOf(body, check));
}

/**
 * CRC: x^16 + x^12 + x^5 + 1, least bit first, from FFFF, not complemented, high byte first, as
 * R:LudovicRousseau/CCID src/openct/checksum.c has it. No card that uses it was ever at hand.
 */
function checkOf(body: Uint8Array, check: ErrorCode): Uint8Array {
  if (check === 'lrc') return Uint8Array.of(xorOf(body));
  let crc = 0xffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return Uint8Array.of(crc >> 8, crc & 0xff);
}

function pcbOf(block: Block): number {
  switch (block.type) {
    case 'I':
      return (block.seq << 6) | (block.more ? 0x20 : 0);
    case 'R':
      return 0x80 | (block.expects << 4) | R_ERRORS.indexOf(block.error);
    case 'S':
      return 0xc0 | (block.response ? 0x20 : 0) | SUPERVISORY[block.name];
  }
}

/** One whole block; `framing.checksum` for a wrong check, `framing.block` for anything else that is not one. */
export function decodeBlock(bytes: Uint8Array, check: ErrorCode = 'lrc'): Block {
  const [, pcb, length] = bytes;
  const body = bytes.subarray(0, 3 + (length ?? 0));
  const end = checkOf(body, check);
  if (pcb === undefined || length === undefined || bytes.length !== body.length + end.length) {
    throw framingError('framing.block', 'The card sent a block of a wrong length.', { length: bytes.length });
  }
  if (!equalBytes(bytes.subarray(body.length), end))
    throw framingError('framing.checksum', 'The card sent a block with a wrong check byte.');
  const data = bytes.slice(3, 3 + length);
  if ((pcb & 0x80) === 0) return { type: 'I', seq: pcb & 0x40 ? 1 : 0, more: (pcb & 0x20) !== 0, data };
  if ((pcb & 0x40) === 0) {
    const error = R_ERRORS[pcb & 0x0f];
    if (error === undefined) throw framingError('framing.block', 'The card sent an unknown block.', { pcb });
    return { type: 'R', expects: pcb & 0x10 ? 1 : 0, error };
  }
  for (const name in SUPERVISORY) {
    if (SUPERVISORY[name as SupervisoryName] !== (pcb & 0x1f)) continue;
    return { type: 'S', name: name as SupervisoryName, response: (pcb & 0x20) !== 0, data };
  }
  throw framingError('framing.block', 'The card sent an unknown block.', { pcb });
}
