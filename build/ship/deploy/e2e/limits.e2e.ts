import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { openEdge, type Edge } from '../../../run/dev/edge.ts';
import { ask, type Answer } from './ask.ts';
import { StubWeb } from './stub-web.ts';

/** nginx by the files of a real machine, with something before it whose word about addresses it takes: us. */
let dir: string;
let edge: Edge;
let url: string;
let port: number;
const web = new StubWeb();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-limits-'));
  port = await freePort();
  edge = await openEdge({ dir, port, webs: [await web.begin()], beforeProxy: ['127.0.0.1'] });
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await edge.stop();
  await web.end();
  await rm(dir, { recursive: true, force: true });
});

const from = (address: string, path = '/v1/x', method = 'GET'): Promise<Answer> =>
  ask(url + path, { method, headers: { 'x-forwarded-for': address } });

/** So many at once, by 50 at a time; how many of each status. */
async function flood(count: number, each: (n: number) => Promise<Answer>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>();
  let next = 0;
  const ask = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      const { status, headers, body } = await each(next);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status !== 429) continue;
      expect(problemSchema.parse(JSON.parse(body.toString())).code).toBe('request.rate-limited');
      expect(headers['retry-after']).toBe('2');
    }
  };
  await Promise.all(Array.from({ length: 50 }, ask));
  return statuses;
}

describe('one address', () => {
  it('that floods is held to its share, and keeps no other from anything', async () => {
    const statuses = await flood(3000, () => from('203.0.113.1'));
    expect(statuses.get(200)).toBeGreaterThanOrEqual(600);
    expect(statuses.get(429)).toBeGreaterThan(100);
    expect((await from('203.0.113.2')).status).toBe(200);
  });

  it('that is a carrier’s, with 128 households that each open a page, is not refused', async () => {
    const statuses = await flood(600, () => from('203.0.113.3'));
    expect([...statuses.keys()]).toEqual([200]);
  });

  it('tries passwords, enrols and begins sessions less often than it asks', async () => {
    const statuses = await flood(500, () => from('203.0.113.4', '/v1/admin/login', 'POST'));
    expect(statuses.get(200)).toBeGreaterThanOrEqual(300);
    expect(statuses.get(200)).toBeLessThan(400);
    // One limit for all of these, which gives five back each second meanwhile.
    const others = await flood(50, () => from('203.0.113.4', '/v1/terminal/enrol', 'POST'));
    expect(others.get(429)).toBeGreaterThanOrEqual(1);
    expect((await from('203.0.113.4')).status).toBe(200);
  });

  it('of IPv6 is the half that a customer is given', async () => {
    const statuses = await flood(500, (n) =>
      from(`2001:db8:1:2::${n.toString(16)}`, '/v1/terminal/enrol', 'POST'),
    );
    expect(statuses.get(429)).toBeGreaterThan(100);
    const others = await flood(50, (n) =>
      from(`2001:db8:1:2:ffff::${n.toString(16)}`, '/v1/terminal/enrol', 'POST'),
    );
    expect(others.get(429)).toBeGreaterThanOrEqual(1);
    expect((await from('2001:db8:1:3::1', '/v1/terminal/enrol', 'POST')).status).toBe(200);
  });

  it('holds so many requests open and no more', async () => {
    const open: (() => void)[] = [];
    web.answer = (request, response) => {
      if (request.url === '/v1/held') open.push(() => response.end());
      else response.end();
    };
    const held = Array.from({ length: 1000 }, async (_, n) => {
      // As fast as it may ask.
      await new Promise((resolve) => setTimeout(resolve, n * 4));
      return from('203.0.113.5', '/v1/held');
    });
    await expect.poll(() => open.length, { timeout: 30_000 }).toBe(1000);
    expect((await from('203.0.113.5')).status).toBe(429);
    expect((await from('203.0.113.6')).status).toBe(200);
    for (const end of open) end();
    await Promise.all(held);
    expect((await from('203.0.113.5')).status).toBe(200);
    web.answer = undefined;
  });
});

describe('what nginx itself refuses', () => {
  const raw = (bytes: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let text = '';
      socket.on('data', (part: Buffer) => (text += part.toString()));
      socket.on('error', () => undefined);
      socket.once('close', () => {
        resolve(text);
      });
      socket.write(bytes);
    });

  it.each([
    ['no request', 'hello\r\n\r\n', 400, 'request.malformed'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400, 'request.malformed'],
    [
      'a method that is nobody’s',
      'TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      405,
      'request.method',
    ],
    [
      'too long an address',
      `GET /${'a'.repeat(9000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'request.headers-too-large',
    ],
    [
      'too long a header',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(9000)}\r\n\r\n`,
      431,
      'request.headers-too-large',
    ],
  ])('%s is a problem in the server’s words', async (_name, bytes, status, code) => {
    const text = await raw(bytes);
    expect(text).toContain(`HTTP/1.1 ${status} `);
    const problem = problemSchema.parse(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)));
    expect([problem.status, problem.code]).toEqual([status, code]);
  });
});
