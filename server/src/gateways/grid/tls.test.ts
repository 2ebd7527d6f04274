import { generateKeyPairSync } from 'node:crypto';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../../sandbox/wallet/certificate.ts';
import { tcpTransport } from './agent-string/tcp.ts';
import { GridError } from './error.ts';
import { httpTransport } from './transport.ts';

function identity(commonName: string): { cert: string; key: string } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const until = new Date('2049-01-01T00:00:00Z');
  const from = new Date('2020-01-01T00:00:00Z');
  return { key, cert: selfSignedCertificate({ serial: '01', commonName, privateKey: key, from, until }) };
}

const GRID = identity('localhost');
const OURS = identity('agent');
const STRANGER = identity('stranger');
const MUTUAL = { ...GRID, ca: OURS.cert, requestCert: true, rejectUnauthorized: true };
const FRAME = Buffer.from('00000004ASK.');
const ANSWER = Buffer.from('00000004ANS.');

/** What reached the grid. */
const heard: string[] = [];
let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => void (server?.close(() => resolve()) ?? resolve())));

async function listening<S extends Server>(made: S): Promise<number> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return (made.address() as AddressInfo).port;
}

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.catch((error: unknown) => (error instanceof GridError ? error.code : error));

describe('https with a client certificate', () => {
  const start = async (): Promise<string> => {
    heard.length = 0;
    const made = createHttps(MUTUAL, (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        heard.push(text);
        response.end(JSON.stringify([request.url, subject.CN, text]));
      });
    });
    return `https://localhost:${await listening(made)}/collect`;
  };

  it('shows it, trusts the authority that it was given, and posts', async () => {
    const transport = httpTransport(await start(), { ...OURS, ca: GRID.cert });
    expect(await transport.post('message', '{"a":1}', 60_000)).toEqual({
      status: 200,
      text: JSON.stringify(['/collect/message', 'agent', '{"a":1}']),
    });
  });

  it('sends nothing to a grid of another authority: never left', async () => {
    const transport = httpTransport(await start(), { ...OURS, ca: STRANGER.cert });
    expect(await codeOf(transport.post('message', '{}', 60_000))).toBe('grid.unavailable');
    expect(heard).toEqual([]);
  });

  it('is turned away with a stranger’s, or none; the caller may not conclude that nothing happened', async () => {
    const url = await start();
    for (const own of [STRANGER, {}]) {
      const transport = httpTransport(url, { ...own, ca: GRID.cert });
      expect(await codeOf(transport.post('message', '{}', 60_000))).toBe('grid.unknown');
    }
    expect(heard).toEqual([]);
  });
});

it('a line over TLS shows its certificate too', async () => {
  const made = createTls(MUTUAL, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end(ANSWER));
  });
  const url = `tls://localhost:${await listening(made)}`;
  const answer = await tcpTransport(url, { ...OURS, ca: GRID.cert }).exchange(FRAME, 60_000);
  expect(Buffer.from(answer)).toEqual(ANSWER);
  expect(await codeOf(tcpTransport(url, { ...OURS, ca: STRANGER.cert }).exchange(FRAME, 60_000))).toBe(
    'grid.unavailable',
  );
});
