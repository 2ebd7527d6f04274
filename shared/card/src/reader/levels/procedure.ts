import { concatBytes } from '../../bytes/compare.ts';
import { ReaderError } from '../error.ts';

/** Sends bytes to the card and gives at least so many of its own, fewer only where it falls silent. */
type Characters = (data: Uint8Array, expected: number) => Promise<Uint8Array>;

const HEADER = 5;
const NULL_BYTE = 0x60;
/** A card that only asks for patience: at one NULL a work waiting time, minutes. */
const MAX_NULLS = 512;
const NOTHING = new Uint8Array();

/**
 * One T=0 command, character by character (ISO/IEC 7816-3:2006 §10.3.3): the card answers the header of five bytes
 * with procedure bytes. NULL 60 asks for patience, INS lets all that remains pass, INS inverted one byte, and 6x or
 * 9x is SW1. Header with P3, then data where the card takes some; the answer is data, SW1 and SW2.
 */
export async function procedureT0(characters: Characters, command: Uint8Array): Promise<Uint8Array> {
  const [, ins = 0, , , p3 = 0] = command;
  const upper = ins & 0xf0;
  if (upper === 0x60 || upper === 0x90) throw conflict('INS', ins);
  const inbound = command.length > HEADER;
  let toSend = command.subarray(HEADER);
  let toFetch = inbound ? 0 : p3 === 0 ? 256 : p3;
  const parts: Uint8Array[] = [];
  let have = await characters(command.subarray(0, HEADER), 1);
  for (let nulls = 0; nulls < MAX_NULLS;) {
    if (have.length === 0) have = await characters(NOTHING, 1);
    const procedure = have[0];
    if (procedure === undefined) throw silent();
    if (procedure === NULL_BYTE) {
      nulls++;
      have = have.subarray(1);
    } else if ((procedure & 0xf0) === 0x60 || (procedure & 0xf0) === 0x90) {
      if (have.length < 2) have = concatBytes(have, await characters(NOTHING, 1));
      if (have.length < 2) throw silent();
      return concatBytes(...parts, have.subarray(0, 2));
    } else {
      const one = procedure === (ins ^ 0xff);
      if (!one && procedure !== ins) throw conflict('procedure', procedure);
      have = have.subarray(1);
      if (inbound) {
        const bytes = toSend.subarray(0, one ? 1 : toSend.length);
        if (bytes.length === 0) throw conflict('procedure', procedure);
        toSend = toSend.subarray(bytes.length);
        have = await characters(bytes, 1);
      } else {
        const wanted = one ? 1 : toFetch;
        if (toFetch === 0) throw conflict('procedure', procedure);
        // After the data comes another procedure byte in any case, so that it can be asked for along with it.
        if (have.length <= wanted)
          have = concatBytes(have, await characters(NOTHING, wanted + 1 - have.length));
        if (have.length < wanted) throw silent();
        parts.push(have.subarray(0, wanted));
        have = have.subarray(wanted);
        toFetch -= wanted;
      }
    }
  }
  throw conflict('NULL', NULL_BYTE);
}

function conflict(what: string, byte: number): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: 'The card answered out of turn; take it out and put it in again.',
    context: { what, byte },
  });
}

function silent(): ReaderError {
  return new ReaderError({
    code: 'reader.timeout',
    message: 'The card fell silent in the middle; take it out and put it in again.',
  });
}
