import { FEATURE } from '../../framing/ccid/constants.ts';
import { exchangeT0 } from '../t0.ts';
import type { Exchange } from '../t0.ts';
import { answerLength } from './answer-length.ts';
import { dataOf } from './level.ts';
import { T1Link } from '../t1-link.ts';
import type { BlockExchange } from '../t1-link.ts';
import type { Level, LevelInit } from './level.ts';

/** TPDU level: one T=0 command or one T=1 block a transfer; the reader minds characters and waiting times. */
export const TPDU_LEVEL: Level = {
  hostSpeaks: true,
  pps: (pipe, request) => pipe({ data: request }).then(dataOf),
  start: (init) => {
    const { pipe, protocol } = init;
    const exchange: BlockExchange = (data, waits) => pipe({ data, waits }).then(dataOf);
    if (protocol === 1) return startT1(exchange, init);
    const plain: Exchange = (data) => pipe({ data, answer: answerLength(data) }).then(dataOf);
    return Promise.resolve((apdu) => exchangeT0(plain, apdu));
  },
};

/** T=1 over blocks: our block size is announced, unless the reader does that. */
export async function startT1(exchange: BlockExchange, { atr, descriptor }: LevelInit): Promise<Exchange> {
  const link = new T1Link(exchange, { ifsc: atr.ifsc, check: atr.check, maxIfsd: descriptor.maxIfsd });
  if ((descriptor.features & FEATURE.autoIfsd) === 0) await link.announceIfsd();
  return link.transmit;
}
