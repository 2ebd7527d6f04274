import { noise, pick, type Random } from './request-parts.ts';

/** Asks for a WebSocket, rightly or nearly so. */
export function handshake(target: string, random: Random): Buffer {
  const key = random() < 0.8 ? 'dGhlIHNhbXBsZSBub25jZQ==' : 'x'.repeat(random() * 40);
  const version = random() < 0.8 ? '13' : String(Math.floor(random() * 20));
  const lines = [
    ...[`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Upgrade: websocket', 'Connection: Upgrade'],
    ...[`Sec-WebSocket-Key: ${key}`, `Sec-WebSocket-Version: ${version}`],
    ...(random() < 0.3 ? ['Origin: http://evil.example'] : []),
    ...(random() < 0.3 ? ['Sec-WebSocket-Extensions: permessage-deflate; a=b;;'] : []),
    ...(random() < 0.2 ? ['Sec-WebSocket-Protocol: ,'] : []),
    ...(random() < 0.1 ? ['Upgrade: h2c'] : []),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

const MESSAGES = [
  ...[
    '',
    'null',
    '[]',
    '{',
    '{"id":1}',
    '{"id":1,"op":"open"}',
    '{"id":2,"op":"bulkOut","data":"zz"}',
    '{"id":1e9,"op":"bulkIn","maxLength":1e9}',
  ],
  ...[
    '{"to":"shell","id":"1","request":"null"}',
    '{"to":"usb","id":"1","request":"{}"}',
    '{"to":"shell","id":"2","request":"{\\"op\\":\\"http\\"}"}',
  ],
  ...[
    '{"id":1,"call":"host.status","request":null}',
    '{"id":1,"call":"__proto__","request":{}}',
    `${'['.repeat(3000)}`,
    '"\ud800"',
  ],
];

/** A few frames (RFC 6455 §5.2), some of which no client may send. */
export function frames(random: Random): Buffer[] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => frame(random));
}

function frame(random: Random): Buffer {
  const opcode = random() < 0.7 ? 1 : Math.floor(random() * 16);
  const payload = random() < 0.7 ? Buffer.from(pick(MESSAGES, random)) : noise(random, 100);
  const said = random() < 0.9 ? payload.length : Math.floor(random() * 2 ** 31);
  const first = (random() < 0.9 ? 0x80 : 0) | (random() < 0.95 ? 0 : 0x70) | opcode;
  const masked = random() < 0.9;
  const head = [first, ...lengthBytes(said, masked ? 0x80 : 0)];
  const mask = masked ? [1, 2, 3, 4] : [];
  const content = masked ? payload.map((byte, at) => byte ^ ((at % 4) + 1)) : payload;
  return Buffer.from([...head, ...mask, ...content]);
}

function lengthBytes(length: number, mask: number): number[] {
  if (length < 126) return [mask | length];
  if (length < 65_536) return [mask | 126, length >> 8, length & 0xff];
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return [mask | 127, ...bytes];
}
