import { concatBytes } from '../../bytes/compare.ts';
import { CHAIN, HEADER_LENGTH, LEVEL } from '../../framing/ccid/constants.ts';
import type { CcidResponse } from '../../framing/ccid/message.ts';
import { ReaderError } from '../error.ts';
import { followT0 } from '../t0.ts';
import type { Exchange } from '../t0.ts';
import { answerLength } from './answer-length.ts';
import { readerSpeaks } from './level.ts';
import type { BlockPipe, Level } from './level.ts';

const NOTHING = new Uint8Array();
/** The longest answer: 65,536 bytes and a status word. More is a reader that does not end. */
const MAX_ANSWER = 65_538;

/**
 * Extended-APDU level: one APDU of any length, cut into blocks where it, or its answer, is longer than the reader's
 * messages (CCID rev 1.1 §6.1.4, §6.2.1).
 */
export const EXTENDED_APDU_LEVEL: Level = {
  hostSpeaks: false,
  pps: readerSpeaks,
  start: ({ pipe, protocol, descriptor }) => {
    const room = Math.max(descriptor.maxMessage - HEADER_LENGTH, 1);
    const chained: Exchange = async (apdu) => collect(pipe, await send(pipe, apdu, room));
    return Promise.resolve(protocol === 0 ? (apdu) => followT0(chained, apdu) : chained);
  },
};

/** 0000 whole; else 0001 begins, 0003 continues, 0002 ends, each but the last answered by an empty block of 10. */
async function send(pipe: BlockPipe, apdu: Uint8Array, room: number): Promise<CcidResponse> {
  if (apdu.length <= room) return pipe({ data: apdu, level: LEVEL.whole, answer: answerLength(apdu) });
  for (let at = 0; ; at += room) {
    const data = apdu.subarray(at, at + room);
    const last = at + room >= apdu.length;
    const level = last ? LEVEL.ends : at === 0 ? LEVEL.begins : LEVEL.continues;
    const answer = await pipe({ data, level });
    if (last) return answer;
    if (answer.parameter === CHAIN.expectsCommand) continue;
    // A status word before the end is the card's or the reader's refusal.
    if (answer.parameter === CHAIN.whole && answer.data.length >= 2) return answer;
    throw outOfStep(answer.parameter);
  }
}

/** 01 and 03 announce more, which an empty block of level 0010 fetches. */
async function collect(pipe: BlockPipe, first: CcidResponse): Promise<Uint8Array> {
  if (first.parameter === CHAIN.whole) return first.data;
  const parts = [first.data];
  let length = first.data.length;
  for (let answer = first; answer.parameter === CHAIN.begins || answer.parameter === CHAIN.continues;) {
    answer = await pipe({ data: NOTHING, level: LEVEL.expectsResponse });
    // A link that brings nothing and is not the last would go on for ever.
    const goesOn = answer.parameter === CHAIN.begins || answer.parameter === CHAIN.continues;
    const isEmpty = goesOn && answer.data.length === 0;
    if (answer.parameter === CHAIN.expectsCommand || isEmpty) throw outOfStep(answer.parameter);
    parts.push(answer.data);
    length += answer.data.length;
    if (length > MAX_ANSWER) throw outOfStep(answer.parameter);
  }
  if (first.parameter === CHAIN.expectsCommand) throw outOfStep(first.parameter);
  return concatBytes(...parts);
}

function outOfStep(chain: number): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: 'The reader lost its place in a long command; take the card out and put it in again.',
    context: { chain },
  });
}
