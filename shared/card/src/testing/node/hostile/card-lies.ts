import { equalBytes } from '../../../bytes/compare.ts';
import { toHex } from '../../../bytes/hex.ts';
import { randomBytes } from '../../random.ts';
import type { SimulatedCard } from '../../simulated-card.ts';
import { kindOfCommand } from './command-kind.ts';
import type { Draw } from './reader-lies.ts';

/** What a card says instead of its honest answer. */
export type CardLie = (honest: Uint8Array, draw: Draw, nth: number) => Uint8Array;

const OK = Uint8Array.of(0x90, 0x00);
const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));
const carriesData = (answer: Uint8Array): boolean => answer.length > 2 && answer.at(-2) === 0x90;

export const CARD_LIES: Readonly<Record<string, CardLie>> = {
  'gives more than was asked': (honest, draw) =>
    carriesData(honest) ? joined(honest.subarray(0, -2), randomBytes(draw, 1 + (draw() % 200)), OK) : honest,
  'gives less than was asked': (honest, draw) =>
    carriesData(honest) ? joined(honest.subarray(0, draw() % (honest.length - 2)), OK) : honest,
  'gives 64 KB': (_honest, draw) => joined(randomBytes(draw, 65_536), OK),
  'gives nothing, not even a status': () => new Uint8Array(),
  'gives one byte': (_honest, draw) => Uint8Array.of(draw() & 0xff),
  'gives noise': (_honest, draw) => randomBytes(draw, draw() % 260),
  'forgets: each read is another': (honest, draw) =>
    carriesData(honest) ? joined(randomBytes(draw, honest.length - 2), OK) : honest,
  'flips a bit now and then': (honest, draw) => {
    if (!carriesData(honest) || draw() % 3 > 0) return honest;
    const answer = honest.slice();
    const at = draw() % (answer.length - 2);
    answer[at] = (answer[at] ?? 0) ^ (1 << (draw() & 7));
    return answer;
  },
  'has more for ever (61xx)': (_honest, draw) => Uint8Array.of(0x61, draw() & 0xff),
  'corrects the length for ever (6Cxx)': (_honest, draw, nth) => Uint8Array.of(0x6c, (draw() + nth) & 0xff),
  'says yes to all and does nothing': (honest) => (honest.length === 2 ? OK : honest),
  'says no to all': (_honest, draw) => Uint8Array.of(0x60 | (draw() & 0x0f), draw() & 0xff),
};

/** Answers to reset that no honest card gives, and one that is another each time. */
export const ATR_LIES: Readonly<Record<string, (honest: Uint8Array, draw: Draw) => Uint8Array>> = {
  'of no byte': () => new Uint8Array(),
  'of one byte': () => Uint8Array.of(0x3b),
  'of 33 bytes': (_honest, draw) => joined(Uint8Array.of(0x3b, 0xff), randomBytes(draw, 31)),
  'of 255 bytes': (_honest, draw) => joined(Uint8Array.of(0x3b, 0xff), randomBytes(draw, 253)),
  'of noise': (_honest, draw) => randomBytes(draw, draw() % 40),
  'that changes each time': (honest, draw) => {
    const atr = honest.slice();
    atr[atr.length - 1] = draw() & 0xff;
    return atr;
  },
};

/**
 * A simulated chip that answers honestly at first and lies then. It keeps whether it has contradicted itself, and what was
 * done to it afterwards.
 */
export class LyingCard {
  readonly card: SimulatedCard;
  /** Codes, keys and writes that came although it had contradicted itself: none may. */
  readonly trusted: string[] = [];
  #reads = new Map<string, Uint8Array>();
  #contradicted = false;
  #nth = 0;

  constructor(
    honest: SimulatedCard,
    of: {
      readonly draw: Draw;
      readonly lie?: CardLie | undefined;
      readonly atr?: ((honest: Uint8Array, draw: Draw) => Uint8Array) | undefined;
      /** Honest answers before the first lie. */
      readonly from: number;
    },
  ) {
    const { draw, lie, atr, from } = of;
    const transmit = (apdu: Uint8Array): Uint8Array => {
      const kind = kindOfCommand(apdu);
      if (this.#contradicted && (kind === 'code' || kind === 'write'))
        this.trusted.push(toHex(apdu.subarray(0, 4)));
      const answer = honest.transmit(apdu);
      const nth = this.#nth++;
      const said = lie === undefined || nth < from ? answer : lie(answer, draw, nth);
      this.#heard(apdu, said, kind);
      return said;
    };
    const powerOn = (): Uint8Array | undefined => {
      this.#reads = new Map();
      this.#contradicted = false;
      const own = honest.powerOn();
      return own === undefined || atr === undefined ? own : atr(own, draw);
    };
    this.card = new Proxy(honest, {
      get: (target, name) => {
        if (name === 'transmit') return transmit;
        if (name === 'powerOn') return powerOn;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
      },
    });
  }

  /** A read that gives another length than was asked, or other bytes than the same read before, with nothing written between. */
  #heard(apdu: Uint8Array, said: Uint8Array, kind: string): void {
    if (kind === 'code' || kind === 'write') this.#reads = new Map();
    if (kind !== 'read' || said.at(-2) !== 0x90 || said.at(-1) !== 0x00) return;
    const wanted = apdu[4] === 0 ? 256 : (apdu[4] ?? 0);
    const before = this.#reads.get(toHex(apdu));
    if (said.length !== wanted + 2 || (before !== undefined && !equalBytes(before, said)))
      this.#contradicted = true;
    this.#reads.set(toHex(apdu), said);
  }
}
