import { concatBytes, xorOf } from '../../bytes/compare.ts';
import { framingError } from '../error.ts';

/** Supervisory requests and their answers, ISO/IEC 7816-3:2006 §11.4.2. */
export const SUPERVISORY = { resynch: 0, ifs: 1, abort: 2, wtx: 3 } as const;
export type SupervisoryName = keyof typeof SUPERVISORY;

/** One T=1 block with LRC; the CRC option (TC3 bit 0) is not spoken. */
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

/** NAD 00, PCB, LEN, data, LRC. */
export function encodeBlock(block: Block): Uint8Array {
  const data = block.type === 'R' ? new Uint8Array() : block.data;
  const body = concatBytes(Uint8Array.of(0x00, pcbOf(block), data.length), data);
  return concatBytes(body, Uint8Array.of(xorOf(body)));
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

/** One whole block; `framing.checksum` for a wrong LRC, `framing.block` for anything else that is not one. */
export function decodeBlock(bytes: Uint8Array): Block {
  const [, pcb, length] = bytes;
  if (pcb === undefined || length === undefined || bytes.length !== length + 4) {
    throw framingError('framing.block', 'The card sent a block of a wrong length.', { length: bytes.length });
  }
  if (xorOf(bytes) !== 0)
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
