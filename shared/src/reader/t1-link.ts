import { concatBytes } from '../bytes/compare.ts';
import { FramingError } from '../framing/error.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { Block, SupervisoryName } from '../framing/t1/block.ts';
import { ReaderError } from './error.ts';
import type { Exchange } from './t0.ts';

/** Sends a block, with so many block waiting times to wait for its answer. */
export type BlockExchange = (bytes: Uint8Array, waits: number) => Promise<Uint8Array>;

/** Our own information field size; the most a block can carry (ISO/IEC 7816-3:2006 §11.4.2). */
const IFSD = 254;
/** Times that a block is asked for again before the link gives up (§11.6.3.2: three). */
const TRIES = 3;

/**
 * T=1 spoken by us, for readers at TPDU level: I-blocks with chaining both ways, R-blocks to ask again,
 * waiting time extensions and changes of IFS answered. One APDU at a time.
 */
export class T1Link {
  readonly #exchange: BlockExchange;
  #ifsc: number;
  #send: 0 | 1 = 0;
  #receive: 0 | 1 = 0;

  constructor(exchange: BlockExchange, ifsc: number) {
    this.#exchange = exchange;
    this.#ifsc = Math.min(Math.max(ifsc, 1), 254);
  }

  /** Tells the card that we take blocks of 254 bytes. A card that does not answer in kind keeps 32. */
  async announceIfsd(): Promise<void> {
    await this.#ask({ type: 'S', name: 'ifs', response: false, data: Uint8Array.of(IFSD) });
  }

  readonly transmit: Exchange = async (apdu) => {
    let answer = await this.#sendChain(apdu);
    const parts: Uint8Array[] = [];
    for (;;) {
      if (answer.type !== 'I') throw protocolError('T=1: no information block in answer to one');
      parts.push(answer.data);
      this.#receive = flip(answer.seq);
      if (!answer.more) return concatBytes(...parts);
      answer = await this.#ask({ type: 'R', expects: this.#receive, error: 'none' });
    }
  };

  async #sendChain(apdu: Uint8Array): Promise<Block> {
    let at = 0;
    for (;;) {
      const data = apdu.slice(at, at + this.#ifsc);
      at += data.length;
      const more = at < apdu.length;
      const answer = await this.#ask({ type: 'I', seq: this.#send, more, data });
      this.#send = flip(this.#send);
      if (!more) return answer;
      if (answer.type !== 'R' || answer.expects !== this.#send)
        throw protocolError('T=1: chain not acknowledged');
    }
  }

  /** Sends a block until its answer is whole; answers the card's own requests in between. */
  async #ask(block: Block): Promise<Block> {
    let sending = block;
    let waits = 1;
    for (let tries = 0; tries < TRIES;) {
      const answer = await this.#exchange(encodeBlock(sending), waits).then(decodeOrNull);
      waits = 1;
      if (answer === null) {
        tries++;
        sending = block.type === 'I' ? { type: 'R', expects: this.#receive, error: 'checksum' } : block;
      } else if (answer.type === 'S' && !answer.response) {
        if (answer.name === 'wtx') waits = Math.max(answer.data[0] ?? 1, 1);
        sending = this.#reply(answer.name, answer.data);
      } else if (answer.type === 'R' && this.#asksAgain(block, answer)) {
        tries++;
        sending = block;
      } else {
        return answer;
      }
    }
    throw protocolError('T=1: three tries without a whole block');
  }

  #asksAgain(block: Block, answer: Extract<Block, { type: 'R' }>): boolean {
    return block.type !== 'I' || answer.expects === block.seq;
  }

  #reply(name: SupervisoryName, data: Uint8Array): Block {
    if (name === 'ifs') this.#ifsc = Math.min(Math.max(data[0] ?? 32, 1), 254);
    if (name === 'abort' || name === 'resynch') throw protocolError(`T=1: the card asked for ${name}`);
    return { type: 'S', name, response: true, data };
  }
}

function decodeOrNull(bytes: Uint8Array): Block | null {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (error instanceof FramingError) return null;
    throw error;
  }
}

function flip(seq: 0 | 1): 0 | 1 {
  return seq === 0 ? 1 : 0;
}

function protocolError(what: string): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: `${what}. Take the card out and put it in again.`,
  });
}
