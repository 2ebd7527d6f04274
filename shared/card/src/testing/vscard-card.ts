import { concatBytes } from '../bytes/compare.ts';
import { PowerCut } from './simulated-card.ts';
import type { SimulatedCard } from './simulated-card.ts';

/** The part of a socket that this needs. */
export interface VscardSocket {
  write(bytes: Uint8Array): void;
}

/** What the reader says, and is told (R:spice/libcacard, src/vscard_common.h): u32 type, u32 reader, u32 length, big-endian. */
const TYPE = { init: 1, error: 2, readerAdd: 3, atr: 5, cardRemove: 6, apdu: 7, flush: 8, flushComplete: 9 };
const HEAD = 12;
/** "VSCD", protocol 0.0.2, no capabilities. */
const HELLO = Uint8Array.of(0x56, 0x53, 0x43, 0x44, 0, 0, 0, 2, 0, 0, 0, 0);
const NO_READER = 0xffff_ffff;
/** Our own name, for QEMU's log. */
const NAME = Uint8Array.of(0x72, 0x69, 0x67, 0);

/** What becomes of a command on its way to the card. */
export type Fate =
  | 'answer'
  /** The card is pulled before the command reaches it. */
  | 'pull-before'
  /** The command is carried out, and the card is pulled before its answer leaves. */
  | 'pull-after'
  /** The card says nothing until `answerNow`. */
  | 'hold'
  /** `longAnswer` instead of what the card would say. */
  | 'long';

/** The longest answer of a short command. */
export const LONG_ANSWER = longAnswer(0);
/** Where a command that brings nothing has the length that it asks for. */
const LE = 4;

/**
 * A simulated card in QEMU's reader (`usb-ccid` with `ccid-card-passthru`), at the far end of its socket. The reader does
 * not tell when it powers the card: it has power from its insertion to its removal.
 */
export class VscardCard {
  readonly #socket: VscardSocket;
  /** What becomes of each command, asked as it comes, with how many came since the card was put in. */
  fate: (nth: number) => Fate = () => 'answer';
  /** Told when the card has gone by its fate. */
  onPulled: () => void = () => undefined;
  /** Commands since the card was put in. */
  commands = 0;
  #card: SimulatedCard | undefined;
  #pending: Uint8Array = new Uint8Array();
  #held: { readonly reader: number; readonly answer: Uint8Array } | undefined;

  constructor(socket: VscardSocket) {
    this.#socket = socket;
    this.#send(TYPE.init, NO_READER, HELLO);
  }

  insert(card: SimulatedCard): void {
    this.remove();
    card.powerOff();
    const atr = card.powerOn() ?? new Uint8Array();
    this.#card = card;
    this.commands = 0;
    this.#send(TYPE.atr, 0, atr);
  }

  remove(): void {
    if (this.#card === undefined) return;
    this.#card.powerOff();
    this.#card = undefined;
    this.#held = undefined;
    this.#send(TYPE.cardRemove, 0);
  }

  /** What was held back leaves now, whoever waits for it still. */
  answerNow(): void {
    if (this.#held === undefined) return;
    this.#send(TYPE.apdu, this.#held.reader, this.#held.answer);
    this.#held = undefined;
  }

  /** Bytes of the reader, in pieces of any size. */
  receive(bytes: Uint8Array): void {
    this.#pending = concatBytes(this.#pending, bytes);
    for (;;) {
      const head = new DataView(this.#pending.buffer, this.#pending.byteOffset, this.#pending.length);
      if (head.byteLength < HEAD) return;
      const end = HEAD + head.getUint32(8);
      if (head.byteLength < end) return;
      const body = this.#pending.slice(HEAD, end);
      const [type, reader] = [head.getUint32(0), head.getUint32(4)];
      this.#pending = this.#pending.slice(end);
      if (type === TYPE.init) this.#send(TYPE.readerAdd, NO_READER, NAME);
      if (type === TYPE.flush) this.#send(TYPE.flushComplete, reader);
      if (type === TYPE.apdu) this.#command(reader, body);
    }
  }

  #command(reader: number, apdu: Uint8Array): void {
    const card = this.#card;
    if (card === undefined) return;
    this.commands += 1;
    const fate = this.fate(this.commands);
    if (fate === 'pull-before') {
      this.#pull();
      return;
    }
    let answer: Uint8Array;
    try {
      answer = fate === 'long' ? longAnswer(apdu[LE] ?? 0) : card.transmit(apdu);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.#pull();
      return;
    }
    if (fate === 'pull-after') this.#pull();
    else if (fate === 'hold') this.#held = { reader, answer };
    else this.#send(TYPE.apdu, reader, answer);
  }

  #pull(): void {
    this.remove();
    this.onPulled();
  }

  #send(type: number, reader: number, body: Uint8Array = new Uint8Array()): void {
    const head = new DataView(new ArrayBuffer(HEAD));
    head.setUint32(0, type);
    head.setUint32(4, reader);
    head.setUint32(8, body.length);
    this.#socket.write(concatBytes(new Uint8Array(head.buffer), body));
  }
}

/** As many bytes as were asked for, 0 for 256, and that all is well. */
function longAnswer(le: number): Uint8Array {
  return Uint8Array.of(...Array.from({ length: le === 0 ? 256 : le }, (_, i) => i), 0x90, 0x00);
}
