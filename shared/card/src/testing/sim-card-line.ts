import { concatBytes } from '../bytes/compare.ts';
import { FramingError } from '../framing/error.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { Block, ErrorCode, SupervisoryName } from '../framing/t1/block.ts';

export type Apdu = (apdu: Uint8Array) => Uint8Array;

/** A card's side of T=1: blocks in, blocks out, whole APDUs to the card. Knobs: time extensions, aborted chains, IFS. */
export class T1CardLine {
  readonly #card: Apdu;
  readonly #check: ErrorCode;
  #ifsd = 32;
  #send: 0 | 1 = 0;
  #expects: 0 | 1 = 0;
  #received: Uint8Array[] = [];
  #answer: Uint8Array = new Uint8Array();
  /** The last information block that was sent. */
  #last: Uint8Array = new Uint8Array();
  /** A request of ours that is not answered yet. */
  #request: Uint8Array | undefined;
  /** The next APDUs, each, are answered only after so many requests for more time. */
  wtx = 0;
  /** How many block waiting times each of them asks for. */
  wtxTimes = 2;
  #wtxLeft = 0;
  /** The next chain is given up, while it comes in or goes out, at its second block. */
  abort: 'inbound' | 'outbound' | undefined;
  /** Asks for blocks of this size before the next APDU is answered. */
  ifs: number | undefined;
  /** Block size that was announced to the card. */
  get ifsd(): number {
    return this.#ifsd;
  }

  constructor(card: Apdu, check: ErrorCode = 'lrc') {
    this.#card = card;
    this.#check = check;
  }

  exchange(bytes: Uint8Array): Uint8Array {
    let block: Block;
    try {
      block = decodeBlock(bytes, this.#check);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      return this.#acknowledge('checksum');
    }
    switch (block.type) {
      case 'S':
        return this.#supervisory(block);
      case 'R':
        return this.#again(block.expects);
      case 'I':
        return this.#information(block);
    }
  }

  #encode(block: Block): Uint8Array {
    return encodeBlock(block, this.#check);
  }

  #acknowledge(error: 'none' | 'checksum' | 'other'): Uint8Array {
    return this.#encode({ type: 'R', expects: this.#expects, error });
  }

  /** Asked for what was sent before, for the next link of our chain, or for what we ourselves wait for. */
  #again(expects: 0 | 1): Uint8Array {
    if (this.#request !== undefined) return this.#request;
    if (expects !== this.#send) return this.#last;
    if (this.#answer.length === 0) return this.#acknowledge('none');
    return this.abort === 'outbound' ? this.#ask('abort') : this.#nextLink();
  }

  #ask(name: SupervisoryName, ...data: readonly number[]): Uint8Array {
    this.#request = this.#encode({ type: 'S', name, response: false, data: Uint8Array.from(data) });
    return this.#request;
  }

  /** The chain that we gave up is over: the other side may send. */
  #afterAbort(): Uint8Array {
    this.abort = undefined;
    this.#received = [];
    this.#answer = new Uint8Array();
    return this.#acknowledge('none');
  }

  #supervisory(block: Extract<Block, { type: 'S' }>): Uint8Array {
    if (block.response) {
      if (this.#request === undefined) return this.#acknowledge('other');
      this.#request = undefined;
      return block.name === 'abort' ? this.#afterAbort() : this.#afterWait();
    }
    if (block.name === 'ifs') this.#ifsd = block.data[0] ?? 32;
    if (block.name === 'resynch') this.#restart();
    if (block.name === 'abort') this.#answer = new Uint8Array();
    return this.#encode({ ...block, response: true });
  }

  #information(block: Extract<Block, { type: 'I' }>): Uint8Array {
    if (block.seq !== this.#expects) return this.#acknowledge('other');
    this.#expects = block.seq === 0 ? 1 : 0;
    this.#received.push(block.data);
    if (this.abort === 'inbound' && this.#received.length === 2) return this.#ask('abort');
    if (block.more) return this.#acknowledge('none');
    this.#wtxLeft = this.wtx;
    return this.#afterWait();
  }

  #afterWait(): Uint8Array {
    if (this.#wtxLeft-- > 0) {
      return this.#ask('wtx', this.wtxTimes);
    }
    if (this.ifs !== undefined) {
      const ifs = this.ifs;
      this.ifs = undefined;
      return this.#ask('ifs', ifs);
    }
    const apdu = concatBytes(...this.#received);
    this.#received = [];
    this.#answer = this.#card(apdu);
    return this.#nextLink();
  }

  #restart(): void {
    [this.#ifsd, this.#send, this.#expects] = [32, 0, 0];
    this.#received = [];
    this.#answer = new Uint8Array();
    this.#request = undefined;
  }

  #nextLink(): Uint8Array {
    const data = this.#answer.slice(0, this.#ifsd);
    this.#answer = this.#answer.slice(data.length);
    const block = this.#encode({ type: 'I', seq: this.#send, more: this.#answer.length > 0, data });
    this.#send = this.#send === 0 ? 1 : 0;
    this.#last = block;
    return block;
  }
}
