import { HEADER_LENGTH, RESPONSE } from '../../../framing/ccid/constants.ts';
import { encodeBlock } from '../../../framing/t1/block.ts';
import type { Block } from '../../../framing/t1/block.ts';
import { randomBytes } from '../../random.ts';

/** What a hostile device puts on a pipe, and how long after what came before it; ms. */
export interface Emission {
  readonly bytes: Uint8Array;
  readonly afterMs?: number;
}

/** Unsigned, 32 bits; the same seed draws the same. */
export type Draw = () => number;

/** What comes instead of an honest message; some never end. */
export type ReaderLie = (honest: Uint8Array, draw: Draw) => Iterable<Emission>;

/** Of dwLength and the fields behind it (CCID rev 1.1 §6.2). */
const AT = { type: 0, length: 1, slot: 5, seq: 6, status: 7, error: 8, own: 9 } as const;
/** A card that asks for more time, and nothing else. */
const EXTENDS = 0x80;
const NOTHING = new Uint8Array();
/** The longest message that there is: an extended APDU and the header. */
const LONGEST = 65_544;

const once =
  (change: (message: Uint8Array, draw: Draw) => void): ReaderLie =>
  (honest, draw) => {
    const message = honest.slice();
    change(message, draw);
    return [{ bytes: message }];
  };

function setLength(message: Uint8Array, length: number): void {
  for (let i = 0; i < 4; i++) message[AT.length + i] = (length / 2 ** (8 * i)) & 0xff;
}

function withData(honest: Uint8Array, data: Uint8Array): Uint8Array {
  const message = new Uint8Array(HEADER_LENGTH + data.length);
  message.set(honest.subarray(0, HEADER_LENGTH));
  message.set(data, HEADER_LENGTH);
  setLength(message, data.length);
  return message;
}

/** Only what a card said: other answers stay as they are. */
const carded =
  (data: (honest: Uint8Array, draw: Draw) => Uint8Array): ReaderLie =>
  (honest, draw) =>
    honest[AT.type] === RESPONSE.dataBlock
      ? [{ bytes: withData(honest, data(honest, draw)) }]
      : [{ bytes: honest }];

/** The same for ever, so many ms apart. */
function* endlessly(afterMs: number, next: () => Uint8Array): Generator<Emission> {
  for (;;) yield { bytes: next(), afterMs };
}

/** Blocks by which a T=1 card asks for something instead of answering. */
const REQUESTS: readonly Block[] = [
  { type: 'S', name: 'wtx', response: false, data: Uint8Array.of(0xff) },
  { type: 'S', name: 'ifs', response: false, data: Uint8Array.of(1) },
  { type: 'S', name: 'abort', response: false, data: NOTHING },
  { type: 'S', name: 'resynch', response: false, data: NOTHING },
  { type: 'R', expects: 0, error: 'other' },
];

/** By what a reader does. */
export const READER_LIES: Readonly<Record<string, ReaderLie>> = {
  'says that more comes': once((message, draw) => {
    setLength(message, message.length - HEADER_LENGTH + 1 + (draw() % 300));
  }),
  'says that less comes': once((message) =>
    setLength(message, Math.max(0, message.length - HEADER_LENGTH - 1)),
  ),
  'says that four gigabytes come': once((message) => setLength(message, 0xffffffff)),
  'answers under another number': once((message, draw) => {
    message[AT.seq] = (message[AT.seq] ?? 0) + 1 + (draw() % 255);
  }),
  'answers for another slot': once((message, draw) => (message[AT.slot] = 1 + (draw() % 255))),
  'answers as another message': once((message, draw) => (message[AT.type] = draw() & 0xff)),
  'gives a status that is none': once((message, draw) => (message[AT.status] = draw() & 0xff)),
  'fails for any cause': once((message, draw) => {
    message[AT.status] = 0x40 | (draw() % 3);
    message[AT.error] = draw() & 0xff;
  }),
  'answers with 64 KB': carded((_honest, draw) => randomBytes(draw, LONGEST)),
  'answers with nothing': carded(() => NOTHING),
  'answers with one byte': carded((_honest, draw) => Uint8Array.of(draw() & 0xff)),
  'answers with noise': carded((_honest, draw) => randomBytes(draw, draw() % 300)),
  'fetches for ever (61xx)': carded((_honest, draw) => Uint8Array.of(0x61, draw() & 0xff)),
  'corrects for ever (6Cxx)': carded((_honest, draw) => Uint8Array.of(0x6c, draw() & 0xff)),
  'asks for patience (NULL)': carded(() => new Uint8Array(64).fill(0x60)),
  'asks by S-blocks': carded((_honest, draw) =>
    encodeBlock(REQUESTS[draw() % REQUESTS.length] ?? REQUESTS[0]!, 'lrc'),
  ),
  'chains for ever': once((message, draw) => {
    if (message[AT.type] === RESPONSE.dataBlock) message[AT.own] = draw() % 2 === 0 ? 0x01 : 0x03;
  }),
  'says nothing': () => [],
  'says it twice': (honest) => [{ bytes: honest }, { bytes: honest }],
  'sends noise': (_honest, draw) => [{ bytes: randomBytes(draw, 1 + (draw() % 200)) }],
  'sends empty packets for ever': () => endlessly(50, () => NOTHING),
  'sends a byte at a time': (honest) =>
    [...honest].map((byte) => ({ bytes: Uint8Array.of(byte), afterMs: 2_900 })),
  'sends 64 KB, a byte at a time, for ever': (honest) => {
    const start = honest.slice(0, HEADER_LENGTH);
    setLength(start, LONGEST);
    let at = 0;
    return endlessly(1_000, () => (at++ === 0 ? start : Uint8Array.of(at & 0xff)));
  },
  'gives old answers for ever': (honest) => {
    const old = honest.slice();
    old[AT.seq] = (old[AT.seq] ?? 0) ^ 0x80;
    return endlessly(2_900, () => old);
  },
  'asks for time for ever': (honest) => {
    const more = withData(honest, NOTHING);
    more[AT.status] = EXTENDS;
    more[AT.error] = 0xff;
    return endlessly(1_000, () => more);
  },
};

/** What comes on the interrupt pipe. */
export const NOTICE_LIES: Readonly<Record<string, (draw: Draw) => Iterable<Emission>>> = {
  'cards come and go without end': () => {
    let present = false;
    return endlessly(4, () => Uint8Array.of(0x50, (present = !present) ? 0x03 : 0x02));
  },
  'cards come without end': () => endlessly(4, () => Uint8Array.of(0x50, 0x03)),
  'faults without end': () => endlessly(4, () => Uint8Array.of(0x51, 0x00, 0x00, 0x01)),
  'empty notices without end': () => endlessly(4, () => NOTHING),
  'noise without end': (draw) => endlessly(4, () => randomBytes(draw, 1 + (draw() % 8))),
  'news of slots that it does not have': (draw) =>
    endlessly(40, () => Uint8Array.of(0x50, ...randomBytes(draw, 7))),
};
