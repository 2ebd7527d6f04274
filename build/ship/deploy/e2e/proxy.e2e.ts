import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { problemSchema } from '@bianmin/purchase/api/problem';
import type { Program } from '../../../kit/process/program.ts';
import { configureProxy, NGINX_FOLDER, startProxy } from '../../../run/dev/nginx.ts';
import { ask } from './ask.ts';
import { selfSigned } from './self-signed.ts';
import { StubWeb } from './stub-web.ts';

/** nginx between us and two stand-ins for web, by the files that a real machine has. */
let dir: string;
let nginx: Program;
let url: string;
let secureUrl: string;
let redirectUrl: string;
let ports: number[];
const webs = [new StubWeb(), new StubWeb()] as const;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-proxy-'));
  await selfSigned(dir);
  ports = await Promise.all(webs.map((web) => web.begin()));
  const [port, tls, redirect] = [await freePort(), await freePort(), await freePort()];
  // As it is on a real machine, but for ports and the certificate's place.
  const server = (await readFile(join(NGINX_FOLDER, 'server-tls.conf'), 'utf8'))
    .replace(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 80 ', `listen 127.0.0.1:${redirect} `)
    .replace('listen 443 ', `listen 127.0.0.1:${tls} `)
    .replaceAll('/etc/nginx/tls', dir);
  await configureProxy({ dir, port, webs: ports, more: server });
  ({ program: nginx } = await startProxy({ dir }));
  url = `http://127.0.0.1:${port}`;
  secureUrl = `https://localhost:${tls}`;
  redirectUrl = `http://127.0.0.1:${redirect}`;
});
afterEach(async () => {
  for (const [index, web] of webs.entries()) {
    web.answer = undefined;
    web.asked.length = 0;
    await web.end();
    await web.begin(ports[index]);
  }
  // What failed is left alone for three seconds, unless nginx begins anew.
  await nginx.stop();
  ({ program: nginx } = await startProxy({ dir }));
});
afterAll(async () => {
  await nginx.stop();
  for (const web of webs) await web.end();
  await rm(dir, { recursive: true, force: true });
});

const heard = () => webs.flatMap(({ asked }) => asked);
const both = (answer: StubWeb['answer']): void => {
  for (const web of webs) web.answer = answer;
};

describe('who is calling', () => {
  it('is the address that nginx sees, whatever the client says', async () => {
    const headers = {
      'x-forwarded-for': '6.6.6.6, 7.7.7.7',
      forwarded: 'for=6.6.6.6',
      'x-forwarded-host': 'evil',
    };
    await ask(`${url}/v1/x`, { from: '127.0.5.5', headers });
    expect(heard()[0]?.headers['x-forwarded-for']).toBe('127.0.5.5');
    expect(heard()[0]?.headers.forwarded).toBeUndefined();
    expect(heard()[0]?.headers['x-forwarded-host']).toBe('127.0.0.1');
    expect(heard()[0]?.headers['x-forwarded-proto']).toBe('http');
  });

  it('comes by TLS, which web is told of, and browsers are told to keep to', async () => {
    const { headers } = await ask(`${secureUrl}/v1/x`);
    expect(heard()[0]?.headers['x-forwarded-proto']).toBe('https');
    expect(headers['strict-transport-security']).toMatch(/max-age=\d{8}/);
    const there = await ask(`${redirectUrl}/p/abc?d=1`);
    expect([there.status, there.headers.location]).toEqual([308, 'https://127.0.0.1/p/abc?d=1']);
  });
});

describe('a process that is gone or going', () => {
  it('is passed over, and a POST is not lost by it', async () => {
    await webs[0].end();
    for (let count = 0; count < 6; count += 1) {
      expect((await ask(`${url}/v1/x`, { method: 'POST', body: 'b' })).status).toBe(200);
    }
    expect(webs[1].asked.length).toBe(6);
  });

  it('that ends in the middle is asked once where a request may not be repeated', async () => {
    both((request) => request.socket.destroy());
    const key = { 'idempotency-key': '0123456789abcdef' };
    const { status, body } = await ask(`${url}/v1/x`, { method: 'POST', body: 'b', headers: key });
    expect(heard().length).toBe(1);
    expect([status, problemSchema.parse(JSON.parse(body.toString())).code]).toEqual([
      503,
      'server.unavailable',
    ]);
  });

  it('that ends in the middle has what may be repeated asked of the other', async () => {
    webs[0].answer = webs[1].answer = (request, response) => {
      if (heard().length > 1) response.end('fine');
      else request.socket.destroy();
    };
    expect((await ask(`${url}/v1/x`)).body.toString()).toBe('fine');
  });

  it('hands back what may be repeated, is then left alone, and refuses no POST until then', async () => {
    webs[0].answer = (request, response) => {
      response.statusCode = request.method === 'GET' ? 502 : 200;
      response.end();
    };
    for (let count = 0; count < 8; count += 1) expect((await ask(`${url}/v1/x`)).status).toBe(200);
    expect(webs[0].asked.length).toBe(2);
    expect(heard().every(({ headers }) => headers['x-bianmin-hand-back'] === '1')).toBe(true);
    for (let count = 0; count < 4; count += 1) {
      expect((await ask(`${url}/v1/x`, { method: 'POST', body: 'b' })).status).toBe(200);
    }
    expect(webs[0].asked.length).toBe(2);
  });

  it('is a problem of the server’s own words where there is no other', async () => {
    for (const web of webs) await web.end();
    const { status, headers, body } = await ask(`${url}/v1/x`);
    expect([status, headers['retry-after'], headers['content-type']]).toEqual([
      503,
      '2',
      'application/problem+json',
    ]);
    expect(problemSchema.parse(JSON.parse(body.toString())).retryable).toBe(true);
  });

  it('has what web itself says of being unavailable left as it is', async () => {
    both((_, response) => {
      response.statusCode = 503;
      response.end('own words');
    });
    expect((await ask(`${url}/v1/x`)).body.toString()).toBe('own words');
    expect(heard().length).toBe(1);
  });
});

describe('what passes through', () => {
  it('is a body up to the bound, whole; beyond it a problem that no web process was asked about', async () => {
    expect((await ask(`${url}/v1/x`, { method: 'PUT', body: Buffer.alloc(1_100_000) })).status).toBe(200);
    expect(heard()[0]?.bytes).toBe(1_100_000);
    const { status, body } = await ask(`${url}/v1/x`, { method: 'PUT', body: Buffer.alloc(3_000_000) });
    expect([status, problemSchema.parse(JSON.parse(body.toString())).code]).toEqual([
      413,
      'request.too-large',
    ]);
    expect(heard().length).toBe(1);
  });

  it('is each event of a stream as it is written', async () => {
    both((_, response) => {
      response.setHeader('content-type', 'text/event-stream');
      response.write('id: 1\n\n');
      // The second is not written before the first has arrived.
      go = () => response.end('id: 2\n\n');
    });
    let go: () => void = () => undefined;
    const parts: string[] = [];
    const answer = ask(`${url}/v1/terminal/stream?ticket=secret`, {
      onPart: (text) => {
        parts.push(text);
        go();
      },
    });
    expect((await answer).status).toBe(200);
    expect(parts).toEqual(['id: 1\n\n', 'id: 2\n\n']);
    // A one-time ticket is in the address, and in no log.
    expect(await readFile(join(dir, 'nginx/access.log'), 'utf8')).not.toContain('secret');
  });

  it('is compressed where it is a page, and left alone with its strong ETag where it is the API', async () => {
    const headers = { 'accept-encoding': 'gzip' };
    const page = await ask(`${url}/p/assets/x.js`, { headers });
    expect(page.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(page.body).toString())).toHaveProperty('headers');
    const api = await ask(`${url}/v1/admin/users/1`, { headers });
    expect([api.headers['content-encoding'], api.headers.etag]).toEqual([undefined, '"7"']);
  });

  it('is a box’s package no faster than its share of the line', async () => {
    both((_, response) => response.end(Buffer.alloc(2_500_000)));
    const from = performance.now();
    const { body } = await ask(`${url}/v1/box/release/bianmin-1.apk`);
    expect(body.length).toBe(2_500_000);
    expect(performance.now() - from).toBeGreaterThan(1000);
  });

  it('leaves no link by which an order could be paid or read in any log, well spelt or not', async () => {
    const secret = 'L_-7'.repeat(6);
    const spelt = [
      '/p/',
      '/p/r/',
      '/v1/pay/',
      '/v1/receipts/',
      '/updates/',
      '//v1/pay/',
      '/v1%2fpay/',
      '/V1/Pay/',
    ];
    for (const path of spelt) await ask(`${url}${path}${secret}/latest.yml?ticket=${secret}`);
    const log = (): Promise<string> => readFile(join(dir, 'nginx/access.log'), 'utf8');
    await expect.poll(log).toMatch(/"nginx.part":"other"/);
    expect(await log()).not.toContain(secret);
    const [last = ''] = (await log()).trimEnd().split('\n').slice(-1);
    expect(JSON.parse(last)).toMatchObject({ 'source.ip': '127.0.0.1', 'http.response.status_code': 200 });
    expect(await log()).toMatch(/"nginx.part":"\/v1\/pay"/);
    // nginx's own words about a process that is gone or breaks off quote what was asked for.
    both((request) => request.socket.destroy());
    for (const path of spelt.slice(0, 7)) await ask(`${url}${path}${secret}`);
    for (const web of webs) await web.end();
    for (const path of spelt.slice(0, 7)) await ask(`${url}${path}${secret}`);
    expect(await readFile(join(dir, 'nginx.log'), 'utf8')).not.toContain(secret);
  });
});
