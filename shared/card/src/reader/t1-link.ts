import { concatBytes } from '../bytes/compare.ts';
import { FramingError } from '../framing/error.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { Block, ErrorCode } from '../framing/t1/block.ts';
import { ReaderError } from './error.ts';
import type { Exchange } from './t0.ts';
import { fits, flip, sizeOf } from './t1-link-rules.ts';
import type { Supervisory } from './t1-link-rules.ts';

/** Sends a block, with so many block waiting times to wait for its answer. */
export type BlockExchange = (bytes: Uint8Array, waits: number) => Promise<Uint8Array>;

export interface T1LinkInit {
  /** Information field size of the card, bytes, from its answer to reset. */
  readonly ifsc: number;
  readonly check: ErrorCode;
  /** dwMaxIFSD of the reader; 254 when absent. */
  readonly maxIfsd?: number;
}

/** What is done about an answer: it is taken, or another block goes out, and whether that is one of the tries. */
type Step =
  { readonly take: Block } | { readonly send: Block; readonly waits?: number; readonly failed: boolean };

/** The most that a block can carry (ISO/IEC 7816-3:2006 §11.4.2). */
const MAX_IFSD = 254;
/** Times that a block is asked for again before the link gives up (§11.6.3.2: three). */
const TRIES = 3;
/** Requests of the card for time or another IFS in one exchange, after which it counts as lost. */
const MAX_REQUESTS = 256;
/** The longest answer to an APDU: 65,536 bytes and a status word. A chain that goes on is aborted. */
const MAX_ANSWER = 65_538;
const NOTHING = new Uint8Array();

/**
 * T=1 spoken by us, for readers at TPDU and character level: I-blocks with chaining both ways, R-blocks to ask again,
 * waiting time extensions, changes of IFS and aborted chains answered. One APDU at a time. When asking again does not
 * help, the link is resynchronised for the next command, and this one fails: the card may have carried it out, so it
 * is not sent twice.
 */
export class T1Link {
  readonly #exchange: BlockExchange;
  readonly #initialIfsc: number;
  readonly #ifsd: number;
  readonly #check: ErrorCode;
  #ifsc: number;
  #send: 0 | 1 = 0;
  #receive: 0 | 1 = 0;

  constructor(exchange: BlockExchange, { ifsc, check, maxIfsd = MAX_IFSD }: T1LinkInit) {
    this.#exchange = exchange;
    this.#initialIfsc = sizeOf(ifsc);
    this.#ifsc = this.#initialIfsc;
    this.#ifsd = sizeOf(maxIfsd);
    this.#check = check;
  }

  /** Tells the card how long blocks we take. A card that does not answer in kind keeps 32. */
  async announceIfsd(): Promise<void> {
    await this.#ask({ type: 'S', name: 'ifs', response: false, data: Uint8Array.of(this.#ifsd) });
  }

  readonly transmit: Exchange = async (apdu) => {
    let answer = await this.#sendChain(apdu);
    const parts: Uint8Array[] = [];
    for (let length = 0; ;) {
      if (answer.type !== 'I') throw protocolError('T=1: no information block in answer to one');
      parts.push(answer.data);
      length += answer.data.length;
      this.#receive = flip(answer.seq);
      if (!answer.more) return parts.length === 1 ? answer.data : concatBytes(...parts);
      if (length > MAX_ANSWER) return this.#abortChain();
      answer = await this.#ask({ type: 'R', expects: this.#receive, error: 'none' });
    }
  };

  async #sendChain(apdu: Uint8Array): Promise<Block> {
    let at = 0;
    for (;;) {
      const data = apdu.subarray(at, at + this.#ifsc);
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
      const answer = await this.#pass(sending, waits);
      if (answer?.type === 'S' && !answer.response && answer.name === 'abort') return this.#aborted(answer);
      const step = this.#judge(block, answer);
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
        return fits(block, answer, this.#receive) ? { take: answer } : again;
    }
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

  /**
   * The card gives up the chain that it sends or receives (rule 9): granted, after which either side may start anew.
   * The card says with an R-block which block it expects next, or goes on counting with an I-block; the command failed.
   */
  async #aborted(request: Supervisory): Promise<never> {
    const granted = await this.#pass({ ...request, response: true }, 1);
    if (granted?.type === 'R') this.#send = granted.expects;
    else if (granted?.type === 'I') {
      this.#send = flip(this.#send);
      this.#receive = flip(granted.seq);
    } else await this.#resynchronise();
    throw protocolError('T=1: the card gave a long command or answer up');
  }

  /** We give up the chain that the card sends. A card that does not go along is resynchronised. */
  async #abortChain(): Promise<never> {
    await this.#ask({ type: 'S', name: 'abort', response: false, data: NOTHING });
    throw protocolError('T=1: the card’s answer does not end');
  }

  /** Both sides start counting anew (rule 6.2). A card that does not even answer that needs a reset. */
  async #resynchronise(): Promise<void> {
    for (let i = 0; i < TRIES; i++) {
      const answer = await this.#pass({ type: 'S', name: 'resynch', response: false, data: NOTHING }, 1);
      if (answer?.type !== 'S' || answer.name !== 'resynch' || !answer.response) continue;
      [this.#send, this.#receive, this.#ifsc] = [0, 0, this.#initialIfsc];
      return;
    }
  }

  /** One block there and one back; null where it came damaged, which the reader may have seen by its parity. */
  async #pass(block: Block, waits: number): Promise<Block | null> {
    try {
      return decodeBlock(await this.#exchange(encodeBlock(block, this.#check), waits), this.#check);
    } catch (error) {
      if (error instanceof FramingError) return null;
      if (error instanceof ReaderError && error.context['slotError'] === 'parity') return null;
      throw error;
    }
  }
}

function protocolError(what: string): ReaderError {
  return new ReaderError({
    code: 'reader.protocol',
    message: `${what}. Take the card out and put it in again.`,
  });
}
