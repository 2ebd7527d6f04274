import { body, headers, method, noise, pick, target, type Random, type Words } from './request-parts.ts';
import { frames, handshake } from './web-socket-bytes.ts';

/** What is said on one connection. */
export interface Conversation {
  /** Written one after the other; the other end may have read one before the next comes. */
  readonly pieces: readonly Buffer[];
  /** Of the requests in it that are framed as HTTP wants them, in their order. */
  readonly methods: readonly string[];
  /** How many requests it counts for: what is no request counts for one. */
  readonly requests: number;
  /** `wait`: for an answer to each; `end`: no more is sent, and all that comes is read; `reset`: cut off at once. */
  readonly ending: 'wait' | 'end' | 'reset';
}

/** Of so many requests on a kept connection, at most. */
const MOST_KEPT = 64;
/** The share of connections on which something else is said. */
const HOSTILE = 0.5;

/** The next conversation with a listener that knows these words. */
export function conversation(words: Words, random: Random): Conversation {
  if (random() >= HOSTILE) return kept(words, random);
  const hostile = pick(HOSTILITIES, random);
  const { pieces, ...more } = hostile(words, random);
  return {
    ...{ methods: [], requests: 1, ending: random() < 0.3 ? 'reset' : 'end', ...more },
    pieces: random() < 0.3 ? cut(Buffer.concat(pieces), random) : pieces,
  };
}

/** Many requests, each framed as HTTP wants it, whatever they ask: what answers one must go on with the next. */
function kept(words: Words, random: Random): Conversation {
  const count = 1 + Math.floor(random() * MOST_KEPT);
  const methods: string[] = [];
  const pieces: Buffer[] = [];
  for (let n = 0; n < count; n += 1) {
    const asked = method(random);
    methods.push(asked);
    pieces.push(framed(words, asked, random));
  }
  return { pieces: [Buffer.concat(pieces)], methods, requests: count, ending: 'wait' };
}

function framed(words: Words, asked: string, random: Random): Buffer {
  const content = asked === 'GET' || asked === 'HEAD' ? undefined : body(words, random);
  const lines = [`${asked} ${target(words, random)} HTTP/1.1`, ...headers(words, random)];
  if (content !== undefined) lines.push(`Content-Length: ${content.length}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return content === undefined ? head : Buffer.concat([head, content]);
}

type Hostility = (
  words: Words,
  random: Random,
) => Pick<Conversation, 'pieces'> & Partial<Pick<Conversation, 'ending' | 'methods' | 'requests'>>;

const text = (...lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const HOST = 'Host: 127.0.0.1';

/** Where in it a request hides that only one of two readers would see. */
const SMUGGLED: readonly string[][] = [
  ['Content-Length: 4', 'Transfer-Encoding: chunked'],
  ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
  ['Transfer-Encoding : chunked'],
  ['Transfer-Encoding: xchunked'],
  ['Transfer-Encoding:\x0bchunked'],
  ['Content-Length: 6', 'Content-Length: 5'],
  ['Content-Length: +6'],
  ['Content-Length: 0x6'],
  ['Content-Length: -1'],
  ['Content-Length: 6, 6'],
  ['Content-Length: 99999999999999999999'],
  [' Content-Length: 6'],
  ['X: a\nContent-Length: 6'],
  ['X: a\rContent-Length: 6'],
];

const HOSTILITIES: readonly Hostility[] = [
  // Noise.
  (_words, random) => ({ pieces: [noise(random, 2000)] }),
  // A request with bytes of it changed.
  (words, random) => {
    const whole = framed(words, method(random), random);
    for (let n = 0; n < 1 + random() * 8; n += 1) {
      whole[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
    }
    return { pieces: [whole] };
  },
  // One that ends somewhere.
  (words, random) => {
    const whole = framed(words, 'POST', random);
    return { pieces: [whole.subarray(0, Math.floor(random() * whole.length))] };
  },
  // A target, a method, a version that no request has.
  (words, random) => {
    const line = pick(
      [
        `GET ${target(words, random)}`,
        `GET  ${target(words, random)} HTTP/1.1`,
        `GET ${target(words, random)} HTTP/9.9`,
        `GET ${target(words, random)} HTTP/1.0`,
        `get ${target(words, random)} HTTP/1.1`,
        `${'M'.repeat(1 + random() * 40)} / HTTP/1.1`,
        `CONNECT ${pick(['evil:443', '//', '[::1'], random)} HTTP/1.1`,
        `PRI * HTTP/2.0`,
        `GET ${pick(['http://[/', 'http://u:p@h/', '//', '///x', '*', '?', 'x', '/%', '/\x80'], random)} HTTP/1.1`,
      ],
      random,
    );
    return { pieces: [text(line, HOST, '', '')] };
  },
  // Smuggled.
  (words, random) => ({
    pieces: [
      text(`POST ${target(words, random)} HTTP/1.1`, HOST, ...pick(SMUGGLED, random), '', ''),
      text('0', '', `GET /smuggled HTTP/1.1`, HOST, '', ''),
    ],
  }),
  // Chunks that are none.
  (words, random) => ({
    pieces: [
      text(`POST ${target(words, random)} HTTP/1.1`, HOST, 'Transfer-Encoding: chunked', '', ''),
      text(
        pick(
          ['5', 'ffffffff', '-1', 'g', '5;a=' + 'b'.repeat(random() * 40_000), '', '00000000000000005'],
          random,
        ),
        pick(['hello', 'hell', ''], random),
        pick(['0', 'x'], random),
        pick(['', 'Trailer: a', `T: ${'t'.repeat(20_000)}`], random),
        '',
        '',
      ),
    ],
  }),
  // More headers, or larger ones, than there may be.
  (words, random) => {
    const many = Array.from({ length: Math.floor(random() * 3000) }, (_, n) => `X-${n}: ${n}`);
    const large = `Y: ${'y'.repeat(random() * 30_000)}`;
    return {
      pieces: [
        text(`GET ${target(words, random)} HTTP/1.1`, HOST, pick([large, many.join('\r\n')], random), '', ''),
      ],
    };
  },
  // A body that is larger than is taken, or stops in the middle.
  (words, random) => {
    const bytes = Math.floor(random() * 600_000);
    const said = pick([bytes, bytes * 2, bytes + 1], random);
    return {
      pieces: [
        text(
          `POST ${target(words, random)} HTTP/1.1`,
          HOST,
          'Content-Type: application/json',
          `Content-Length: ${said}`,
          '',
          '',
        ),
        Buffer.alloc(bytes, pick(['a', '[', '{"a":', '"\\'], random)),
      ],
    };
  },
  // What nothing is meant to be done with.
  (words, random) => ({
    pieces: [
      text(
        `POST ${target(words, random)} HTTP/1.1`,
        pick(
          [HOST, 'Host:', 'Host: a, b', 'Host: \x00', `Host: ${'h'.repeat(300)}`, 'host: x\r\nHOST: y'],
          random,
        ),
        pick(
          ['Expect: 100-continue', 'Expect: nothing', 'Connection: close, upgrade', 'TE: trailers'],
          random,
        ),
        'Content-Length: 2',
        '',
        '{}',
      ),
    ],
  }),
  // Another protocol.
  (words, random) => ({
    pieces: [handshake(random() < 0.5 ? pick(words.sockets, random) : target(words, random), random)],
  }),
  // The same, and then something is said in it.
  (words, random) => ({
    pieces: [handshake(pick(words.sockets, random), random), ...frames(random)],
  }),
];

/** The same bytes, cut anywhere. */
function cut(whole: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < whole.length && pieces.length < 16;) {
    const to = pieces.length === 15 ? whole.length : at + 1 + Math.floor(random() * 200);
    pieces.push(whole.subarray(at, to));
    at = to;
  }
  return pieces;
}
