import { toHex } from '../../bytes/hex.ts';
import { codeOf } from '../../errors.ts';
import type { Exchange } from '../../transcript/format.ts';
import { HIDDEN } from '../../transcript/hidden.ts';

const HEADER = 5;
const STATUS = 2;

/** A command by its header, an answer by its length and status word: where something stands, never what. */
export function maskedExchange(apdu: Uint8Array, answer: unknown): Exchange {
  const command = toHex(apdu.subarray(0, HEADER)) + HIDDEN.repeat(Math.max(apdu.length - HEADER, 0));
  if (!(answer instanceof Uint8Array)) return [command, `!${codeOf(answer) ?? 'reader.io'}`];
  const data = HIDDEN.repeat(Math.max(answer.length - STATUS, 0));
  return [command, data + toHex(answer.subarray(-STATUS))];
}
