import type { Block } from '../framing/t1/block.ts';

export type Information = Extract<Block, { type: 'I' }>;
export type Supervisory = Extract<Block, { type: 'S' }>;

/** Whether an information block is what the block that was sent asked for. */
export function fits(block: Block, answer: Information, expected: 0 | 1): boolean {
  return answer.seq === expected && (block.type === 'R' || (block.type === 'I' && !block.more));
}

/** An information field size as it counts: 00 and FF are reserved (ISO/IEC 7816-3:2006 §11.4.2). */
export function sizeOf(ifs: number): number {
  return Math.min(Math.max(ifs, 1), 254);
}

export function flip(seq: 0 | 1): 0 | 1 {
  return seq === 0 ? 1 : 0;
}
