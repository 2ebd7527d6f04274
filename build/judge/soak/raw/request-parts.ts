/** What a listener is asked by those who know it. */
export interface Words {
  /** Addresses that it has. */
  readonly paths: readonly string[];
  /** Where it speaks WebSocket, or might. */
  readonly sockets: readonly string[];
  /** Names of fields of its bodies. */
  readonly fields: readonly string[];
  /** The Host that it has. */
  readonly host: string;
}

/** 0 ≤ n < 1. */
export type Random = () => number;

const METHODS = [
  'GET',
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
];

export function method(random: Random): string {
  return pick(METHODS, random);
}

/** What another spelling of an address has. */
const ODD = [
  ...[
    '//',
    '/./',
    '/../',
    '%2e%2e',
    '%2F',
    '%5C',
    '\\',
    ';a=b',
    '%00',
    '%',
    '%zz',
    '%C0%AF',
    '%E4%B9%8C',
    '%ff',
    '*',
  ],
  ...[
    '?',
    '??',
    '?a=b',
    '?a=%',
    '?__proto__[x]=1',
    '?a[]=1&a[]=2',
    '?constructor=1',
    '?limit=-1',
    '?limit=1e9',
    '?after=%00',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '..',
    '.',
    '~',
    '@',
    ':',
    "'",
    '"',
    '<',
    '>',
    '{}',
    '|',
    '^',
    '`',
    '$',
    '&',
    '=',
  ],
  ...['a'.repeat(300), '1'.repeat(30), '-1', '0', 'NaN', 'null', 'undefined', 'true'],
];

/** A target of a request line without a space, mostly of an address that is there or nearly there. */
export function target({ paths }: Words, random: Random): string {
  const known = pick(paths, random).replaceAll(/\{\w+\}/g, () =>
    pick(['x', '260301100000000001', ...ODD.slice(0, 15), ...ODD.slice(-8)], random),
  );
  if (random() < 0.5) return known;
  if (random() < 0.1) return pick(ODD, random);
  const at = Math.floor(random() * (known.length + 1));
  return known.slice(0, at) + pick(ODD, random) + (random() < 0.5 ? known.slice(at) : '');
}

const HEADERS = [
  ...['Origin: null', 'Origin: http://evil.example', 'Origin: http://127.0.0.1', 'Origin: \x80', 'Origin:'],
  ...['Cookie: a', 'Cookie: ;;;=', 'Cookie: __Host-bianmin=x; a=%', `Cookie: ${'c=d; '.repeat(200)}`],
  ...[
    'Authorization: Bearer x',
    'Authorization: DPoP x.y.z',
    'Authorization: Beat e30.e30',
    'Authorization:',
    'DPoP: a.b.c',
    'DPoP: e30.e30.e30',
  ],
  ...[
    'If-Match: "1"',
    'If-Match: *',
    'If-None-Match: x',
    'Range: bytes=0-',
    'Range: bytes=-1,99-1',
    'Idempotency-Key: \x01',
    'Idempotency-Key: 0123456789abcdef',
  ],
  ...[
    'X-Forwarded-For: ,',
    'X-Forwarded-For: 1.2.3.4, ::1',
    'Forwarded: for="',
    'X-CSRF-Token: x',
    'traceparent: 00-0',
    'traceparent: 00-00000000000000000000000000000001-0000000000000001-01',
  ],
  ...[
    'Accept: \xff',
    'Accept-Encoding: gzip;q=',
    'Accept-Language: \x80',
    'Content-Encoding: gzip',
    'Content-Type: application/json; charset=utf-7',
    '__proto__: x',
    'Wechatpay-Signature: x',
    'Content-Digest: sha-256=:x:',
    'Signature-Input: sig=();created=x',
    'Signature: sig=:x:',
  ],
];
const TYPES = [
  'application/json',
  'application/json',
  'application/json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/xml',
  '',
];

/** Header lines, the host's own among them. */
export function headers({ host }: Words, random: Random): string[] {
  const lines = [
    `Host: ${random() < 0.9 ? host : pick(['evil.example', 'localhost', '[::1]:1', '127.0.0.1'], random)}`,
  ];
  if (random() < 0.7) lines.push(`Content-Type: ${pick(TYPES, random)}`);
  while (random() < 0.5) lines.push(pick(HEADERS, random));
  return lines;
}

const SCALARS = [
  'null',
  'true',
  '0',
  '-1',
  '1e309',
  '9007199254740993',
  '""',
  '"x"',
  '"\\ud800"',
  '"\\u0000"',
  '"2026-01-01T00:00:00Z"',
  '"../../x"',
  '"$where"',
  '[]',
  '{}',
];

/** Bytes for a body: JSON or nearly, a form, or noise. */
export function body(words: Words, random: Random): Buffer {
  const kind = random();
  if (kind < 0.55) return Buffer.from(json(words, random, 0));
  if (kind < 0.65) return Buffer.from(nested(random));
  if (kind < 0.75) return Buffer.from(form(words, random));
  if (kind < 0.85) return Buffer.from(json(words, random, 0).slice(0, Math.floor(random() * 40)));
  if (kind < 0.95) return Buffer.alloc(0);
  return Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0xaf, 0xed, 0xa0, 0x80].slice(Math.floor(random() * 8)));
}

function json(words: Words, random: Random, depth: number): string {
  const kind = random();
  if (depth > 3 || kind < 0.3) return pick(SCALARS, random);
  const items = Array.from({ length: Math.floor(random() * 4) }, () => json(words, random, depth + 1));
  if (kind < 0.45) return `[${items.join(',')}]`;
  const name = (): string =>
    JSON.stringify(pick([...words.fields, '__proto__', 'constructor', '$ne', ''], random));
  return `{${items.map((item) => `${name()}:${item}`).join(',')}}`;
}

function nested(random: Random): string {
  const depth = Math.floor(random() * 4000);
  const opening = pick(['[', '{"a":', '[[],', '{"a":[],"b":'], random);
  return opening.repeat(depth) + (random() < 0.5 && opening === '[' ? ']'.repeat(depth) : '');
}

function form(words: Words, random: Random): string {
  const pairs = Array.from(
    { length: Math.floor(random() * 300) },
    () => `${pick(words.fields, random)}=${pick(ODD, random)}`,
  );
  return pairs.join('&');
}

export function noise(random: Random, most: number): Buffer {
  return Buffer.from(Array.from({ length: Math.floor(random() * most) }, () => Math.floor(random() * 256)));
}

export function pick<T>(from: readonly T[], random: Random): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error('There is nothing to pick from.');
  return found;
}
