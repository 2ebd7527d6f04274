import { concatBytes } from '../../bytes/compare.ts';
import { ppsLength } from '../../framing/pps.ts';
import { exchangeT0 } from '../t0.ts';
import type { Exchange } from '../t0.ts';
import type { BlockExchange } from '../t1-link.ts';
import { PSEUDO_CLASS } from './level.ts';
import type { BlockPipe, Level } from './level.ts';
import { procedureT0 } from './procedure.ts';
import { startT1 } from './tpdu.ts';

const NOTHING = new Uint8Array();
/** NAD, PCB, LEN. */
const PROLOGUE = 3;
/** PPSS and PPS0, which tells how many bytes follow. */
const PPS_START = 2;

/**
 * Character level: a transfer is bytes to the card and a number of bytes expected from it (wLevelParameter; CCID rev
 * 1.1 §6.1.4), and all of T=0 and T=1 is ours. Two readers of R:LudovicRousseau/CCID readers/ work so (Oz776S,
 * e-gate); none was at hand.
 */
export const CHARACTER_LEVEL: Level = {
  hostSpeaks: true,
  pps: async (pipe, request) => {
    const start = await take(pipe, request, { bytes: PPS_START });
    return fill(pipe, start, { bytes: ppsLength(start[1] ?? 0) });
  },
  start: async (init) => {
    const { pipe, protocol } = init;
    if (protocol === 1) {
      const check = init.atr.check === 'crc' ? 2 : 1;
      const exchange: BlockExchange = async (block, waits) => {
        const start = await take(pipe, block, { bytes: PROLOGUE, waits });
        return fill(pipe, start, { bytes: PROLOGUE + (start[2] ?? 0) + check, waits });
      };
      return startT1(exchange, init);
    }
    const tpdu: Exchange = (command) =>
      command[0] === PSEUDO_CLASS
        ? // Answered by the reader's own firmware, whose length only it knows; unconfirmed, since no such reader is known.
          pipe({ data: command }).then(({ data }) => data)
        : procedureT0((data, bytes) => take(pipe, data, { bytes }), command);
    return (apdu) => exchangeT0(tpdu, apdu);
  },
};

interface Expected {
  /** At least so many. */
  readonly bytes: number;
  readonly waits?: number;
}

async function take(pipe: BlockPipe, data: Uint8Array, { bytes, waits = 1 }: Expected): Promise<Uint8Array> {
  return fill(pipe, (await pipe({ data, level: bytes, waits })).data, { bytes, waits });
}

/** Asks on while there are too few, and the reader gives any. */
async function fill(pipe: BlockPipe, start: Uint8Array, { bytes, waits = 1 }: Expected): Promise<Uint8Array> {
  let have = start;
  while (have.length < bytes) {
    const { data } = await pipe({ data: NOTHING, level: bytes - have.length, waits });
    if (data.length === 0) break;
    have = concatBytes(have, data);
  }
  return have;
}
