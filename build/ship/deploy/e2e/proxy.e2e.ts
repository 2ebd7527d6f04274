import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { PROBLEM_TITLES } from '../../../../server/src/kernel/problem-titles.ts';
import { openEdge, type Edge } from '../../../run/dev/edge.ts';
import { configureProxy, NGINX_FOLDER, startProxy } from '../../../run/dev/nginx.ts';
import { ask, type Answer } from './ask.ts';
import { selfSigned } from './self-signed.ts';
import { StubWeb } from './stub-web.ts';

/** nginx and HAProxy between us and two stand-ins for web, by the files that a real machine has. */
let dir: string;
let edge: Edge;
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
  edge = await openEdge({ dir, port, webs: ports, more: server });
  url = `http://127.0.0.1:${port}`;
  secureUrl = `https://localhost:${tls}`;
  redirectUrl = `http://127.0.0.1:${redirect}`;
});
afterEach(async () => {
  for (const [index, web] of webs.entries()) {
    web.answer = undefined;
    web.ready = 200;
    await web.end();
    await web.begin(ports[index]);
  }
  await expect.poll(answering, { timeout: 10_000 }).toBe(2);
  for (const web of webs) web.asked.length = 0;
});
afterAll(async () => {
  await edge.stop();
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

/** How many of the two are asked. */
async function answering(): Promise<number> {
  for (const web of webs) web.asked.length = 0;
  for (let count = 0; count < 4; count += 1) await ask(`${url}/v1/x`);
  return webs.filter(({ asked }) => asked.length > 0).length;
}
const unavailable = ({ status, headers, body }: Answer): unknown => [
  ...[status, headers['retry-after'], headers['content-type']],
  problemSchema.parse(JSON.parse(body.toString())),
];
const UNAVAILABLE = [
  ...[503, '2', 'application/problem+json'],
  expect.objectContaining({
    code: 'server.unavailable',
    title: PROBLEM_TITLES['server.unavailable'],
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    retryable: true,
  }),
];

describe('a process that is gone or going', () => {
  it('is passed over, and a POST is not lost by it', async () => {
    await webs[0].end();
    for (let count = 0; count < 6; count += 1) {
      expect((await ask(`${url}/v1/x`, { method: 'POST', body: 'b' })).status).toBe(200);
    }
    expect(webs[1].asked.length).toBe(6);
  });

  it.each(['POST', 'GET'])(
    'that ends in the middle is asked once by %s: who has a proof or a key repeats',
    async (method) => {
      both((request) => request.socket.destroy());
      expect(unavailable(await ask(`${url}/v1/x`, { method }))).toEqual(UNAVAILABLE);
      expect(heard().length).toBe(1);
    },
  );

  it('that ends in the middle has a page asked of the other', async () => {
    both((request, response) => {
      if (heard().length > 1) response.end('fine');
      else request.socket.destroy();
    });
    expect((await ask(`${url}/p/x`)).body.toString()).toBe('fine');
    expect(heard().length).toBe(2);
  });

  it('that says that it is not ready has nothing more sent to it, and ends what it has in hand', async () => {
    let end: () => void = () => undefined;
    both((_, response) => {
      end = () => response.end('in hand');
    });
    const inHand = ask(`${url}/v1/x`);
    await expect.poll(() => heard().length).toBe(1);
    const [going, other] = webs[0].asked.length === 1 ? webs : [webs[1], webs[0]];
    other.answer = undefined;
    going.ready = 503;
    await sleep(1_500);
    for (let count = 0; count < 6; count += 1) expect((await ask(`${url}/v1/x`)).status).toBe(200);
    expect([going.asked.length, other.asked.length]).toEqual([1, 6]);
    end();
    expect((await inHand).body.toString()).toBe('in hand');
  });

  it('that says nothing is out in three seconds, and what it had in hand is a problem of the server’s own words', async () => {
    both(() => undefined);
    const inHand = ask(`${url}/v1/x`, { method: 'POST', body: 'b' });
    await expect.poll(() => heard().length).toBe(1);
    const [frozen, other] = webs[0].asked.length === 1 ? webs : [webs[1], webs[0]];
    const from = performance.now();
    frozen.ready = undefined;
    expect(unavailable(await inHand)).toEqual(UNAVAILABLE);
    expect(performance.now() - from).toBeLessThan(3_000);
    other.answer = undefined;
    for (let count = 0; count < 6; count += 1) expect((await ask(`${url}/v1/x`)).status).toBe(200);
    expect(frozen.asked.length).toBe(1);
  });

  it('is asked all the same while none is ready: it says itself what is the matter', async () => {
    for (const web of webs) web.ready = 503;
    await sleep(1_500);
    both((_, response) => {
      response.statusCode = 503;
      response.end('own words');
    });
    expect((await ask(`${url}/v1/x`)).body.toString()).toBe('own words');
    expect(heard().length).toBe(1);
  });

  it('is a problem of the server’s own words where there is no other, and where there is no HAProxy', async () => {
    for (const web of webs) await web.end();
    expect(unavailable(await ask(`${url}/v1/x`))).toEqual(UNAVAILABLE);
    await sleep(1_500);
    expect(unavailable(await ask(`${url}/v1/x`))).toEqual(UNAVAILABLE);
    const noHaproxy = await mkdtemp(join(dir, 'alone-'));
    const port = await freePort();
    await configureProxy({ dir: noHaproxy, port, balancer: await freePort() });
    const { program: nginx } = await startProxy({ dir: noHaproxy });
    expect(unavailable(await ask(`http://127.0.0.1:${port}/v1/x`))).toEqual(UNAVAILABLE);
    await nginx.stop();
  });

  it('that never answers is given up before the client gives up', async () => {
    both(() => undefined);
    const from = performance.now();
    expect(unavailable(await ask(`${url}/v1/x`))).toEqual(UNAVAILABLE);
    expect(performance.now() - from).toBeLessThan(20_000);
  });

  it('has what web itself says of being unavailable left as it is', async () => {
    both((_, response) => {
      response.statusCode = 503;
      response.end('own words');
    });
    expect((await ask(`${url}/v1/x`)).body.toString()).toBe('own words');
    expect(heard().length).toBe(1);
  });

  it('is named in nginx’s log, and to nobody else', async () => {
    const { headers } = await ask(`${url}/v1/time`);
    expect(headers['x-bianmin-web']).toBeUndefined();
    const log = (): Promise<string> => readFile(join(dir, 'nginx/access.log'), 'utf8');
    await expect.poll(log).toMatch(/"nginx.part":"\/v1\/time".*"nginx.upstream":"web-[12]"/);
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
