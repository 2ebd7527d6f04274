import { parseApdu } from '../../framing/apdu.ts';

const STATUS = 2;

/**
 * Bytes of the answer to a short command, or to a TPDU of T=0, where the card gives all that is asked for; the status word is in it.
 */
export function answerLength(command: Uint8Array): number {
  return (parseApdu(command)?.le ?? 0) + STATUS;
}
