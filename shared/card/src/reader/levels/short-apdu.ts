import { ReaderError } from '../error.ts';
import { exchangeT0, followT0, isShort } from '../t0.ts';
import type { Exchange } from '../t0.ts';
import { answerLength } from './answer-length.ts';
import { PSEUDO_CLASS, dataOf, readerSpeaks } from './level.ts';
import type { Level } from './level.ts';

/**
 * Short-APDU level: one APDU of at most 261 bytes a transfer. The reader fetches answers by itself at T=0; one that
 * leaves 61 xx and 6C xx to us is helped out. Longer APDUs go by ENVELOPE at T=0 and not at all at T=1, where only
 * the reader could chain them.
 */
export const SHORT_APDU_LEVEL: Level = {
  hostSpeaks: false,
  pps: readerSpeaks,
  start: ({ pipe, protocol }) => {
    const plain: Exchange = (data) => pipe({ data, answer: answerLength(data) }).then(dataOf);
    const exchange: Exchange = (apdu) => {
      const asItIs = isShort(apdu) || apdu[0] === PSEUDO_CLASS;
      if (protocol === 0) return asItIs ? followT0(plain, apdu) : exchangeT0(plain, apdu);
      return asItIs ? plain(apdu) : Promise.reject(tooLong(apdu.length));
    };
    return Promise.resolve(exchange);
  },
};

function tooLong(length: number): ReaderError {
  return new ReaderError({
    code: 'reader.unsupported',
    message: 'This reader takes short commands only, and this card needs a long one; use another reader.',
    context: { length },
  });
}
