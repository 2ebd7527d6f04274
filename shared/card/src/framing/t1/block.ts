import { equalBytes, xorOf } from '../../bytes/compare.ts';
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

/** NAD, PCB and LEN (§11.3.2). */
const PROLOGUE = 3;
const NOTHING = new Uint8Array();
const R_ERRORS = ['none', 'checksum', 'other'] as const;

/** NAD 00, PCB, LEN, data, check. */
export function encodeBlock(block: Block, check: ErrorCode = 'lrc'): Uint8Array {
  const data = block.type === 'R' ? NOTHING : block.data;
  const end = PROLOGUE + data.length;
  const bytes = new Uint8Array(end + (check === 'crc' ? 2 : 1));
  bytes[1] = pcbOf(block);
  bytes[2] = data.length;
  bytes.set(data, PROLOGUE);
  bytes.set(checkOf(bytes.subarray(0, end), check), end);
  return bytes;
}

function checkOf(body: Uint8Array, check: ErrorCode): Uint8Array {
  if (check === 'lrc') return Uint8Array.of(xorOf(body));
  const crc = crcOf(body);
  return Uint8Array.of(crc >> 8, crc & 0xff);
}

/**
 * CRC: x^16 + x^12 + x^5 + 1, least bit first, from FFFF (the polynomial and start of ISO/IEC 13239), not complemented,
 * and sent high byte first. So R:LudovicRousseau/CCID src/openct/checksum.c, and so blocks that a card and two readers
 * exchanged (R:popovec/oseid doc/T1_CRC.txt); Windows takes another polynomial, and one reader another still
 * (the same), so that no card is known to use it in the field.
 */
export function crcOf(body: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  return crc;
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
