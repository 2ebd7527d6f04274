import { concatBytes } from '../bytes/compare.ts';
import type { Atr } from '../framing/atr.ts';
import { FramingError } from '../framing/error.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { Block, ErrorCode } from '../framing/t1/block.ts';
import { ReaderError } from './error.ts';
import type { Exchange } from './t0.ts';

/** Sends a block, with so many block waiting times to wait for its answer. */
export type BlockExchange = (bytes: Uint8Array, waits: number) => Promise<Uint8Array>;

type Information = Extract<Block, { type: 'I' }>;
type Supervisory = Extract<Block, { type: 'S' }>;
/** What is done about an answer: it is taken, or another block goes out, and whether that is one of the tries. */
type Step =
  { readonly take: Block } | { readonly send: Block; readonly waits?: number; readonly failed: boolean };

/** Our own information field size; the most a block can carry (ISO/IEC 7816-3:2006 §11.4.2). */
const IFSD = 254;
/** Times that a block is asked for again before the link gives up (§11.6.3.2: three). */
const TRIES = 3;
/** Requests of the card for time or another IFS in one exchange, after which it counts as lost. */
const MAX_REQUESTS = 256;

/**
 * T=1 spoken by us, for readers at TPDU level: I-blocks with chaining both ways, R-blocks to ask again, waiting time
 * extensions and changes of IFS answered. One APDU at a time. When asking again does not help, the link is
 * resynchronised for the next command, and this one fails: the card may have carried it out, so it is not sent twice.
 */
export class T1Link {
  readonly #exchange: BlockExchange;
  readonly #initialIfsc: number;
  readonly #check: ErrorCode;
  #ifsc: number;
  #send: 0 | 1 = 0;
  #receive: 0 | 1 = 0;

  constructor(exchange: BlockExchange, { ifsc, check }: Pick<Atr, 'ifsc' | 'check'>) {
    this.#exchange = exchange;
    this.#initialIfsc = sizeOf(ifsc);
    this.#ifsc = this.#initialIfsc;
    this.#check = check;
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
    }
  }

  /** Sends a block until what answers it is there; answers the card's own requests in between. */
  async #ask(block: Block): Promise<Block> {
    let sending = block;
    let waits = 1;
    let tries = 0;
    for (let requests = 0; tries < TRIES && requests < MAX_REQUESTS; requests++) {
      const bytes = await this.#exchange(encodeBlock(sending, this.#check), waits);
      const step = this.#judge(block, this.#decode(bytes));
      if ('take' in step) return step.take;
      if (step.failed) tries++;
      sending = step.send;
      waits = step.waits ?? 1;
    }
    await this.#resynchronise();
    throw protocolError('T=1: three tries without a whole block');
  }

  /** The rules of §11.6.3 for one answer; null for one that is damaged. */
  #judge(block: Block, answer: Block | null): Step {
    // A supervisory block is sent again (rule 7.3); to others we say what we wait for.
    const again: Step = {
      send:
        block.type === 'S'
          ? block
          : { type: 'R', expects: this.#receive, error: answer ? 'other' : 'checksum' },
      failed: true,
    };
    switch (answer?.type) {
      case undefined:
        return again;
      case 'S':
        if (!answer.response) return this.#serve(answer);
        return block.type === 'S' && block.name === answer.name ? { take: answer } : again;
      case 'R':
        if (block.type !== 'I' || answer.expects === block.seq) return { send: block, failed: true };
        return block.more ? { take: answer } : again;
      case 'I':
        return this.#fits(block, answer) ? { take: answer } : again;
    }
  }

  #fits(block: Block, answer: Information): boolean {
    return answer.seq === this.#receive && (block.type === 'R' || (block.type === 'I' && !block.more));
  }

  #serve(request: Supervisory): Step {
    const send: Block = { ...request, response: true };
    switch (request.name) {
      case 'ifs':
        this.#ifsc = sizeOf(request.data[0] ?? 0);
        return { send, failed: false };
      case 'wtx':
        return { send, waits: Math.max(request.data[0] ?? 1, 1), failed: false };
      case 'abort':
      case 'resynch':
        throw protocolError(`T=1: the card asked for ${request.name}`);
    }
  }

  /** Both sides start counting anew (rule 6.2). A card that does not even answer that needs a reset. */
  async #resynchronise(): Promise<void> {
    const request: Block = { type: 'S', name: 'resynch', response: false, data: new Uint8Array() };
    for (let i = 0; i < TRIES; i++) {
      const answer = this.#decode(await this.#exchange(encodeBlock(request, this.#check), 1));
      if (answer?.type !== 'S' || answer.name !== 'resynch' || !answer.response) continue;
      [this.#send, this.#receive, this.#ifsc] = [0, 0, this.#initialIfsc];
      return;
    }
  }

  #decode(bytes: Uint8Array): Block | null {
    try {
      return decodeBlock(bytes, this.#check);
    } catch (error) {
      if (error instanceof FramingError) return null;
      throw error;
    }
  }
}

/** 00 and FF are reserved (§11.4.2). */
function sizeOf(ifs: number): number {
  return Math.min(Math.max(ifs, 1), 254);
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
