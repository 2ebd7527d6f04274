import { concatBytes } from '../bytes/compare.ts';
import { isExtended, shortFormOf } from '../reader/t0-extended.ts';
import type { Apdu } from './sim-card-line.ts';

/** Commands that give data and take none, by INS: which a card knows, and the header does not say (ISO/IEC 7816-3 §10.3.2). */
const OUTBOUND: ReadonlySet<number> = new Set([0x84, 0xb0, 0xb2, 0xb3, 0xc0, 0xca, 0x5c, 0xf2]);
const HEADER = 5;
const NULL_BYTE = 0x60;

/** How a simulated card lets its data pass: all at once, or byte by byte. */
export interface T0Manners {
  /** NULL bytes before each procedure byte. */
  nulls: number;
  /** Acknowledges single bytes (INS inverted) instead of all that remain. */
  byteByByte: boolean;
}

/** A card's side of T=0, character by character: header in, procedure bytes, data and status out. */
export class T0CardLine {
  readonly #card: (command: Uint8Array) => Uint8Array;
  readonly #manners: T0Manners;
  #in: Uint8Array = new Uint8Array();
  #out: Uint8Array = new Uint8Array();
  #acknowledged = 0;
  /** INS of the command that is being answered. */
  #ins = 0;
  /** Data of the card's own that it has still to let go, before its status word. */
  #answer: Uint8Array | undefined;

  constructor(card: (command: Uint8Array) => Uint8Array, manners: T0Manners) {
    this.#card = card;
    this.#manners = manners;
  }

  /** Takes bytes and gives as many as are expected, fewer where the card has no more to say: it waits. */
  exchange(bytes: Uint8Array, expected: number): Uint8Array {
    this.#in = concatBytes(this.#in, bytes);
    this.#advance();
    while (this.#out.length < expected && this.#answer !== undefined) this.#release(this.#answer);
    const given = this.#out.slice(0, expected);
    this.#out = this.#out.slice(expected);
    return given;
  }

  #advance(): void {
    const [, ins = 0, , , p3 = 0] = this.#in;
    if (this.#in.length < HEADER) return;
    const inbound = p3 > 0 && !OUTBOUND.has(ins);
    const have = this.#in.length - HEADER;
    if (!inbound || have === p3) {
      const command = this.#in;
      this.#in = new Uint8Array();
      this.#acknowledged = 0;
      this.#begin(command);
    } else if (have === this.#acknowledged) {
      this.#acknowledged = this.#manners.byteByByte ? have + 1 : p3;
      this.#say(this.#manners.byteByByte ? ins ^ 0xff : ins);
    }
  }

  #begin(command: Uint8Array): void {
    const [, ins = 0] = command;
    const answer = this.#card(command);
    const data = answer.subarray(0, -2);
    if (data.length === 0) {
      this.#say(...answer);
    } else if (this.#manners.byteByByte) {
      this.#ins = ins;
      this.#answer = answer;
    } else {
      this.#say(ins, ...data);
      this.#say(...answer.subarray(-2));
    }
  }

  #release(answer: Uint8Array): void {
    if (answer.length === 2) {
      this.#answer = undefined;
      this.#say(...answer);
    } else {
      this.#answer = answer.subarray(1);
      this.#say(this.#ins ^ 0xff, answer[0] ?? 0);
    }
  }

  #say(...bytes: readonly number[]): void {
    const patience = new Uint8Array(this.#manners.nulls).fill(NULL_BYTE);
    this.#out = concatBytes(this.#out, patience, Uint8Array.from(bytes));
  }
}

/**
 * What a reader at APDU level does for a T=0 card. Of extended APDUs only those that have a short form; the cards here
 * know no ENVELOPE.
 */
export function apduOverT0(card: Apdu, apdu: Uint8Array): Uint8Array {
  if (apdu[0] === 0xff) return card(apdu);
  const short = isExtended(apdu) ? (shortFormOf(apdu) ?? apdu) : apdu;
  const lc = short[4] ?? 0;
  const command = short.length === 6 + lc && lc > 0 ? short.subarray(0, 5 + lc) : short;
  let asked = command;
  let answer = card(command);
  const parts: Uint8Array[] = [];
  for (let round = 0; round < 260; round++) {
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
