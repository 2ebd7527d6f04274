import { concatBytes } from '../bytes/compare.ts';
import { FramingError } from '../framing/error.ts';
import { decodeBlock, encodeBlock } from '../framing/t1/block.ts';
import type { Block } from '../framing/t1/block.ts';

type Apdu = (apdu: Uint8Array) => Uint8Array;

/** A card's side of T=1: blocks in, blocks out, whole APDUs to the card. Knob: waiting time extensions. */
export class T1CardLine {
  readonly #card: Apdu;
  #ifsd = 32;
  #send: 0 | 1 = 0;
  #expects: 0 | 1 = 0;
  #received: Uint8Array[] = [];
  #answer: Uint8Array = new Uint8Array();
  #last: Uint8Array = new Uint8Array();
  /** The next APDUs, each, are answered only after so many requests for more time. */
  wtx = 0;
  #wtxLeft = 0;

  constructor(card: Apdu) {
    this.#card = card;
  }

  exchange(bytes: Uint8Array): Uint8Array {
    this.#last = this.#reply(bytes);
    return this.#last;
  }

  #reply(bytes: Uint8Array): Uint8Array {
    let block: Block;
    try {
      block = decodeBlock(bytes);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      return encodeBlock({ type: 'R', expects: this.#expects, error: 'checksum' });
    }
    switch (block.type) {
      case 'S':
        return this.#supervisory(block);
      case 'R':
        // Asked again for what was sent, or for the next link of our chain.
        return block.expects === this.#send && this.#answer.length > 0 ? this.#nextLink() : this.#last;
      case 'I':
        return this.#information(block);
    }
  }

  #supervisory(block: Extract<Block, { type: 'S' }>): Uint8Array {
    if (block.response) return block.name === 'wtx' ? this.#afterWait() : this.#last;
    if (block.name === 'ifs') this.#ifsd = block.data[0] ?? 32;
    return encodeBlock({ ...block, response: true });
  }

  #information(block: Extract<Block, { type: 'I' }>): Uint8Array {
    if (block.seq !== this.#expects)
      return encodeBlock({ type: 'R', expects: this.#expects, error: 'other' });
    this.#expects = block.seq === 0 ? 1 : 0;
    this.#received.push(block.data);
    if (block.more) return encodeBlock({ type: 'R', expects: this.#expects, error: 'none' });
    this.#wtxLeft = this.wtx;
    return this.#afterWait();
  }

  #afterWait(): Uint8Array {
    if (this.#wtxLeft-- > 0) {
      return encodeBlock({ type: 'S', name: 'wtx', response: false, data: Uint8Array.of(2) });
    }
    const apdu = concatBytes(...this.#received);
    this.#received = [];
    this.#answer = this.#card(apdu);
    return this.#nextLink();
  }

  #nextLink(): Uint8Array {
    const data = this.#answer.slice(0, this.#ifsd);
    this.#answer = this.#answer.slice(data.length);
    const block = encodeBlock({ type: 'I', seq: this.#send, more: this.#answer.length > 0, data });
    this.#send = this.#send === 0 ? 1 : 0;
    return block;
  }
}

/** What a reader at APDU level does for a T=0 card. */
export function apduOverT0(card: Apdu, apdu: Uint8Array): Uint8Array {
  if (apdu[0] === 0xff) return card(apdu);
  const lc = apdu[4] ?? 0;
  const command = apdu.length === 6 + lc && lc > 0 ? apdu.subarray(0, 5 + lc) : apdu;
  let asked = command;
  let answer = card(command);
  const parts: Uint8Array[] = [];
  for (let round = 0; round < 32; round++) {
    const [sw1, sw2 = 0] = answer.subarray(-2);
    if (sw1 === 0x61) {
      parts.push(answer.subarray(0, -2));
      asked = Uint8Array.of((command[0] ?? 0) & 3, 0xc0, 0, 0, sw2);
    } else if (sw1 === 0x6c && answer.length === 2) {
      asked = concatBytes(asked.subarray(0, 4), Uint8Array.of(sw2));
    } else break;
    answer = card(asked);
  }
  return concatBytes(...parts, answer);
}
