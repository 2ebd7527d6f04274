import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { problemSchema, PROBLEMS } from '../api/problem.ts';
import { ANYBODY, closeListener, createListener, openListener, type ListenerInit } from './listener.ts';
import { refuseSocket } from './refusal.ts';

let server: Server | undefined;
let port = 0;
const faults: unknown[] = [];
const asked: string[] = [];

async function open(init: Partial<ListenerInit> = {}): Promise<void> {
  faults.length = asked.length = 0;
  server = createListener({
    admits: ANYBODY,
    answer: (_request, response, path) => {
      asked.push(path);
      response.end('ok');
    },
    onFault: (error) => void faults.push(error),
    ...init,
  });
  port = Number(new URL(await openListener(server, { host: '127.0.0.1', port: 0 })).port);
}
afterEach(async () => {
  if (server !== undefined) await closeListener(server);
});

/** Sends bytes as they are; gives all that comes until the connection ends. */
async function raw(...pieces: (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  socket.end();
  await once(socket, 'close');
  return Buffer.concat(parts).toString('latin1');
}

/** The code of the one problem that an answer is. */
function problemIn(text: string): string {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const problem = problemSchema.parse(JSON.parse(Buffer.from(body, 'latin1').toString()));
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${PROBLEMS[problem.code].status} [\\x20-\\x7e]+\\r\\n`));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBe(body.length);
  return problem.code;
}

const CLOSE = 'Host: x\r\nConnection: close\r\n';
const UPGRADE = 'Upgrade: websocket\r\nConnection: Upgrade\r\n';

describe('a listener', () => {
  it('hands over a request with its path as it came', async () => {
    await open();
    expect(await raw(`GET /a/%E4%B9%8C?b=//c HTTP/1.1\r\n${CLOSE}\r\n`)).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(asked).toEqual(['/a/%E4%B9%8C']);
  });

  it.each([
    ['a target that no address has', `GET // HTTP/1.1\r\n${CLOSE}\r\n`, 'request.malformed'],
    ['another spelling', `GET /%61 HTTP/1.1\r\n${CLOSE}\r\n`, 'request.malformed'],
    ['a proxy’s form', `GET http://x/ HTTP/1.1\r\n${CLOSE}\r\n`, 'request.malformed'],
    ['a request to the server as such', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, 'request.malformed'],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 'request.malformed'],
    ['two hosts', `GET / HTTP/1.1\r\nhost: y\r\n${CLOSE}\r\n`, 'request.malformed'],
    [
      'a host that is none',
      'GET / HTTP/1.1\r\nHost: a/b@c\r\nConnection: close\r\n\r\n',
      'request.malformed',
    ],
    [
      'two origins',
      `GET / HTTP/1.1\r\nOrigin: http://a\r\nOrigin: http://b\r\n${CLOSE}\r\n`,
      'request.malformed',
    ],
    ['no HTTP', 'hello\r\n\r\n', 'request.malformed'],
    [
      'two lengths',
      `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      'request.malformed',
    ],
    [
      'a length beside chunks',
      `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'request.malformed',
    ],
    [
      'headers without end',
      `GET / HTTP/1.1\r\n${CLOSE}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      'request.headers-too-large',
    ],
    ['an expectation', `POST / HTTP/1.1\r\n${CLOSE}Expect: the moon\r\n\r\n`, 'request.malformed'],
  ])('refuses %s by a problem, and nothing of ours sees it', async (_name, bytes, code) => {
    await open();
    expect(problemIn(await raw(bytes))).toBe(code);
    expect(asked).toEqual([]);
    expect(await raw(`GET / HTTP/1.1\r\n${CLOSE}\r\n`)).toMatch(/^HTTP\/1\.1 200/);
    expect(faults).toEqual([]);
  });

  it('has the names and the pages that it is told', async () => {
    await open({
      admits: { host: (host) => host === 'ours:1', origin: (origin) => origin === 'http://ours:1' },
    });
    const ask = (method: string, host: string, more = ''): Promise<string> =>
      raw(`${method} / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`);
    expect(problemIn(await ask('GET', 'ours:2'))).toBe('request.misdirected');
    expect(await ask('GET', 'ours:1', 'Origin: http://evil\r\n')).toMatch(/200 OK/);
    expect(problemIn(await ask('POST', 'ours:1'))).toBe('auth.csrf');
    expect(problemIn(await ask('PUT', 'ours:1', 'Origin: null\r\n'))).toBe('auth.csrf');
    expect(await ask('POST', 'ours:1', 'Origin: http://ours:1\r\n')).toMatch(/200 OK/);
  });

  it('ends a request that fails, at once or later, and no other', async () => {
    await open({
      answer: (request: IncomingMessage, response: ServerResponse, path) => {
        if (path === '/now') throw new Error('a secret');
        if (path === '/later') return Promise.reject(new Error('a secret'));
        if (path === '/begun') {
          response.writeHead(200, { 'content-length': '10' });
          response.write('half');
          throw new Error('a secret');
        }
        if (path === '/after') {
          response.end('ok');
          response.write('more');
          return undefined;
        }
        response.end('ok');
        return undefined;
      },
    });
    for (const path of ['/now', '/later']) {
      const text = await raw(`GET ${path} HTTP/1.1\r\n${CLOSE}\r\n`);
      expect(problemIn(text)).toBe('server.internal');
      expect(text).not.toContain('secret');
    }
    expect(await raw(`GET /begun HTTP/1.1\r\n${CLOSE}\r\n`)).not.toContain('HTTP/1.1 500');
    expect(await raw(`GET /after HTTP/1.1\r\n${CLOSE}\r\n`)).toMatch(/200 OK/);
    expect(await raw(`GET /fine HTTP/1.1\r\n${CLOSE}\r\n`)).toMatch(/200 OK/);
    expect(faults.length).toBe(4);
  });

  it('never writes past an answer that is still to come', async () => {
    let answer: () => void = () => undefined;
    await open({
      answer: (_request, response) => {
        answer = () => response.end('the first');
      },
    });
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (part: Buffer) => (text += part.toString()));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.write('GET /first HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n');
    await closed;
    answer();
    expect(text).toBe('');
  });

  it('says what is wrong with a body while its request waits for it', async () => {
    await open({ answer: (request) => void request.resume().on('error', () => undefined) });
    const text = await raw(`POST / HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\nzz\r\n`);
    expect(problemIn(text)).toBe('request.malformed');
  });
});

describe('who asks for another protocol', () => {
  const upgrade: ListenerInit['upgrade'] = (_request, socket, _head, path) => {
    if (path === '/throws') throw new Error('a secret');
    if (path === '/rejects') return Promise.reject(new Error('a secret'));
    if (path === '/socket') socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    else refuseSocket(socket, { code: 'request.not-found', detail: 'No.' });
    return undefined;
  };

  it('is a request like any other where there is none', async () => {
    await open();
    expect(await raw(`GET /x HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`)).toMatch(/200 OK/);
  });

  it('passes the same door', async () => {
    await open({ upgrade, admits: { host: () => true, origin: (origin) => origin === undefined } });
    const ask = (target: string, more = ''): Promise<string> =>
      raw(`GET ${target} HTTP/1.1\r\nHost: x\r\n${UPGRADE}${more}\r\n`);
    expect(await ask('/socket')).toMatch(/^HTTP\/1\.1 101/);
    expect(problemIn(await ask('//'))).toBe('request.malformed');
    expect(problemIn(await ask('/socket/../socket'))).toBe('request.malformed');
    expect(problemIn(await ask('/nowhere'))).toBe('request.not-found');
    expect(problemIn(await ask('/socket', 'Origin: http://evil\r\n'))).toBe('auth.csrf');
    expect(await ask('/throws')).toBe('');
    expect(await ask('/rejects')).toBe('');
    expect(faults.length).toBe(2);
    expect(await ask('/socket')).toMatch(/^HTTP\/1\.1 101/);
  });

  it('may hang up in the middle of being refused', async () => {
    await open({ upgrade });
    for (let n = 0; n < 40; n += 1) {
      const socket: Socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      const closed = once(socket, 'close');
      await once(socket, 'connect');
      socket.write(`GET ${n % 2 === 0 ? '/nowhere' : '//'} HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`);
      if (n % 4 > 1) await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
      await closed;
    }
    expect(await raw(`GET /socket HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`)).toMatch(/^HTTP\/1\.1 101/);
    expect(faults).toEqual([]);
  });
});
