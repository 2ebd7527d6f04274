import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AnswerReader } from './answers.ts';
import { carried, highestCarried } from './capacity.ts';
import { answerCosts, inTurns } from './in-turns.ts';
import { Lines } from './lines.ts';
import { dueBy, openLoop, type Load } from './open-loop.ts';
import { Timetable } from './timetable.ts';

const answer = (status: number, body: string, more = ''): string =>
  `HTTP/1.1 ${status} X\r\nContent-Length: ${body.length}\r\n${more}\r\n${body}`;

describe('answers off a connection', () => {
  const text =
    answer(200, '{"nextMs":1}') + answer(503, 'busy', 'Retry-After: 42\r\n') + 'HTTP/1.1 204 X\r\n\r\n';
  const expected = [
    { status: 200, retryAfterS: null, body: '{"nextMs":1}' },
    { status: 503, retryAfterS: 42, body: 'busy' },
    { status: 204, retryAfterS: null, body: '' },
  ];

  it('are the same wherever they are split', () => {
    for (let at = 0; at <= text.length; at += 1) {
      const reader = new AnswerReader();
      const parts = [text.slice(0, at), text.slice(at)].map((part) => Buffer.from(part, 'latin1'));
      expect(parts.flatMap((part) => reader.push(part))).toEqual(expected);
    }
  });

  it('are refused where their length is not known', () => {
    expect(() => new AnswerReader().push(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow(/length/);
  });
});

it('knows what is due by when, and never more than there is', () => {
  expect([0, 0.4, 1, 499, 500, 10_000].map((ms) => dueBy(ms, 2000, 1000))).toEqual([
    1, 1, 3, 999, 1000, 1000,
  ]);
});

describe('a timetable', () => {
  it('gives what is due, the earliest first, whenever it was added', () => {
    const table = new Timetable<string>(0);
    table.add(1000, 'b');
    table.add(2000, 'c');
    table.add(500, 'a');
    expect(table.take(499)).toEqual([]);
    expect(table.take(1000)).toEqual(['a', 'b']);
    table.add(900, 'late');
    expect(table.take(1500)).toEqual(['late']);
    expect(table.take(9999)).toEqual(['c']);
  });
});

describe('the highest rate that is carried', () => {
  /** A server that stalls over `limit`. */
  const search = (limit: number, stalls: number[] = []) => {
    const tried: number[] = [];
    return highestCarried({
      ...{ from: 2000, step: 250 },
      run: (perSecond): Promise<Load> => {
        tried.push(perSecond);
        const good = perSecond <= limit && !stalls.includes(tried.length);
        const rest = { sent: 1, failed: 0, statuses: {}, p50Ms: 1, answeredPerSecond: 1 };
        return Promise.resolve({ perSecond, p99Ms: good ? 50 : 200, ...rest });
      },
    });
  };

  it.each([2000, 2250, 5000, 7250, 1000])('is found: %i', async (limit) => {
    expect((await search(limit))?.perSecond).toBe(limit);
  });

  it('is not lowered by one stall of the machine', async () => {
    expect((await search(5000, [1, 3]))?.perSecond).toBe(5000);
  });

  it('is none where nothing is carried', async () => {
    expect(await search(0)).toBeUndefined();
  });

  it('counts a failure as not carried', () => {
    expect(carried({ p99Ms: 1, failed: 1 })).toBe(false);
    expect(carried({ p99Ms: 100, failed: 0 })).toBe(true);
  });
});

describe('what an answer costs by processor time', () => {
  const load = (sent: number, unanswered = 0): Load => ({
    ...{ perSecond: 1, sent, failed: unanswered, statuses: { 200: sent - unanswered, 0: unanswered } },
    ...{ p50Ms: 1, p99Ms: 1, answeredPerSecond: 1 },
  });

  it('is the ratio of both over all turns', () => {
    const [koa, beats] = [[30, 50].map((cpuMs) => ({ cpuMs, answers: 1000 })), [{ cpuMs: 90, answers: 900 }]];
    expect(answerCosts(koa, beats)).toEqual({ koaUs: 40, beatUs: 100, ratioByCpu: 0.4 });
    expect(answerCosts(koa, [{ cpuMs: 10, answers: 0 }]).ratioByCpu).toBe(0);
  });

  it('is taken in turns, without the first, and not divided by what had no answer', async () => {
    const cpu = { koa: 0, web: 0 };
    const done: string[] = [];
    const run = (of: 'koa' | 'web', ms: number) => () => {
      // Cold code costs more.
      cpu[of] += done.length < 2 ? 10 * ms : ms;
      done.push(of);
      return Promise.resolve(load(1000, of === 'web' ? 500 : 0));
    };
    const costs = await inTurns({
      count: 2,
      plain: run('koa', 40),
      beats: run('web', 40),
      cpuMs: (of) => Promise.resolve(cpu[of]),
    });
    expect(costs).toEqual({ koaUs: 40, beatUs: 80, ratioByCpu: 0.5 });
    expect(done).toEqual(['koa', 'web', 'koa', 'web', 'koa', 'web']);
  });
});

describe('a load', () => {
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(request.url === '/busy' ? 503 : 200, { 'Content-Length': 2 });
    response.end('{}');
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('sends all of it over a few connections, and tells answers from refusals', async () => {
    const lines = new Lines({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, count: 4 });
    const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const requests = Array.from({ length: 100 }, (_, n) => get(n % 10 === 0 ? '/busy' : '/'));
    const load = await openLoop({ lines, requests, perSecond: 2000 });
    lines.close();
    expect(asked).toBe(100);
    expect(load).toMatchObject({ sent: 100, failed: 10, statuses: { 200: 90, 503: 10 } });
    expect(load.p99Ms).toBeGreaterThanOrEqual(load.p50Ms);
  });

  it('counts requests that found no server as failed', async () => {
    const lines = new Lines({ url: 'http://127.0.0.1:1', count: 1 });
    const load = await openLoop({ lines, requests: [Buffer.from('GET / HTTP/1.1\r\n\r\n')], perSecond: 100 });
    lines.close();
    expect(load).toMatchObject({ sent: 1, failed: 1, statuses: { 0: 1 } });
  });
});
