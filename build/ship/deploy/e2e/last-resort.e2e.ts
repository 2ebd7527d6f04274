import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '@bianmin/card/node/free-port';
import { CLIENT_LIMITS_MS } from '@bianmin/purchase/api/client-limits';
import { problemSchema } from '@bianmin/purchase/api/problem';
import { openEdge, type Edge } from '../../../run/dev/edge.ts';
import { balancerEnvironment, startHaproxy } from '../../../run/dev/haproxy.ts';
import { ask, type Answer } from './ask.ts';
import { StubWeb } from './stub-web.ts';

/** More than HAProxy waits for an answer to its look. */
const SLOW_LOOK_MS = 3_000;
/** Less than that, and more than one that is well takes. */
const SLOW_BUT_ALIVE_MS = 1_500;
/** For so long one must have answered quickly to be well, a little less. */
const WELL_MS = 1_900;
/** What a request takes of a slow process. */
const SLOW_MS = 1_000;
/** Both are seen as silent by then. */
const SEEN_MS = 3_000;
/** Within it a frozen process is out of the way. */
const OUT_MS = 3_000;
/** Nobody is there: said by then. */
const SOON_MS = 1_500;
/** A process that goes on is taken for well by then. */
const BACK_MS = 7_000;
/** Longest that a proxy waits for web (docs/deadlines.md). */
const DEADLINE_MS = 18_000;

let dir: string;
let edge: Pick<Edge, 'stop'>;
let url: string;
let webs: StubWeb[];
let ports: number[];

async function begin(count: number): Promise<number> {
  dir = await mkdtemp(join(tmpdir(), 'bianmin-last-'));
  webs = Array.from({ length: count }, () => new StubWeb());
  ports = await Promise.all(webs.map((web) => web.begin()));
  return freePort();
}
async function open(count: number): Promise<void> {
  const port = await begin(count);
  edge = await openEdge({ dir, port, webs: ports });
  url = `http://127.0.0.1:${port}/v1/x`;
}
/** HAProxy alone, by a file that lists the second process in some of its parts. */
async function openWithout(parts: readonly string[]): Promise<void> {
  const port = await begin(2);
  const folder = join(dir, 'haproxy');
  await cp(join(import.meta.dirname, '../haproxy'), folder, { recursive: true });
  const file = join(folder, 'bianmin.cfg');
  const texts = (await readFile(file, 'utf8')).split(/^(?=backend )/m);
  const left = texts.map((text) =>
    parts.some((part) => text.startsWith(`backend ${part} `))
      ? text.replace(/^ {4}server web-2 .*$/m, '')
      : text,
  );
  await writeFile(file, left.join(''));
  const { program } = await startHaproxy({ dir, folder, env: balancerEnvironment(port, ports) });
  edge = program;
  url = `http://127.0.0.1:${port}/v1/x`;
}
afterEach(async () => {
  await edge.stop();
  for (const web of webs) await web.end();
  await rm(dir, { recursive: true, force: true });
});

/** Each answers so long after it was asked. */
function answerAfter(ms: number): void {
  for (const web of webs) web.answer = (_, response) => void setTimeout(() => response.end('fine'), ms);
}
function lookAfter(...ms: number[]): void {
  for (const [index, web] of webs.entries()) web.lookMs = ms[index] ?? ms[0] ?? 0;
}

/** Between two requests of a client, so that nginx lets all of them pass. */
const PAUSE_MS = 50;

/** Clients that ask one after the other for so long; how often each status came. */
async function askAll(clients: number, forMs: number): Promise<Record<number, number>> {
  const until = performance.now() + forMs;
  const counts: Record<number, number> = {};
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const { status } = await ask(url, { method: 'POST', body: 'b' });
      counts[status] = (counts[status] ?? 0) + 1;
      await sleep(PAUSE_MS);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return counts;
}

const codeOf = ({ status, headers, body }: Answer): unknown => [
  status,
  headers['retry-after'],
  problemSchema.parse(JSON.parse(body.toString())).code,
];
const UNAVAILABLE = [503, '2', 'server.unavailable'];

describe('two web processes', () => {
  beforeEach(() => open(2));

  it('that are both too slow to answer a look are asked all the same, and nobody is cut', async () => {
    answerAfter(9_000);
    const inHand = ask(url);
    await expect.poll(() => webs.flatMap(({ asked }) => asked).length).toBe(1);
    answerAfter(SLOW_MS);
    lookAfter(SLOW_LOOK_MS);
    const counts = await askAll(8, 10_000);
    expect(Object.keys(counts)).toEqual(['200']);
    for (const { asked } of webs) expect(asked.length).toBeGreaterThan(8);
    expect((await inHand).body.toString()).toBe('fine');
  });

  it('of which one is a little less slow than the other: its requests are not cut for that', async () => {
    answerAfter(9_000);
    const inHand = Promise.all([ask(url), ask(url)]);
    await expect.poll(() => webs.map(({ asked }) => asked.length)).toEqual([1, 1]);
    lookAfter(1_500, 2_500);
    expect((await inHand).map(({ status }) => status)).toEqual([200, 200]);
  });

  it('of which one has only begun to answer quickly: what the frozen one has is left to it for two seconds', async () => {
    answerAfter(30_000);
    const inHand = [ask(url), ask(url)];
    await expect.poll(() => webs.map(({ asked }) => asked.length)).toEqual([1, 1]);
    const [frozen, slow] = webs;
    if (frozen === undefined || slow === undefined) throw new Error('There are not two.');
    frozen.ready = undefined;
    slow.lookMs = SLOW_BUT_ALIVE_MS;
    const cut = Promise.race(inHand);
    expect(await Promise.race([cut, sleep(SEEN_MS + 1_000, 'left')])).toBe('left');
    const from = performance.now();
    slow.lookMs = 0;
    expect(codeOf(await cut)).toEqual(UNAVAILABLE);
    expect(performance.now() - from).toBeGreaterThan(WELL_MS);
    expect(performance.now() - from).toBeLessThan(BACK_MS);
  });

  it('of which one alone is silent: what it has in hand is cut, and it is asked again once it goes on', async () => {
    answerAfter(SLOW_MS * 30);
    const inHand = ask(url);
    await expect.poll(() => webs.flatMap(({ asked }) => asked).length).toBe(1);
    const frozen = webs.find(({ asked }) => asked.length === 1);
    if (frozen === undefined) throw new Error('Nobody was asked.');
    const from = performance.now();
    frozen.ready = undefined;
    expect(codeOf(await inHand)).toEqual(UNAVAILABLE);
    expect(performance.now() - from).toBeLessThan(OUT_MS);
    answerAfter(0);
    expect(await askAll(1, 500)).toEqual({ 200: expect.any(Number) as unknown });
    expect(frozen.asked.length).toBe(1);
    frozen.ready = 200;
    await expect
      .poll(async () => (await ask(url), frozen.asked.length), { timeout: BACK_MS })
      .toBeGreaterThan(1);
  });

  it('that are both frozen have a request each until its deadline, or until the other goes on', async () => {
    answerAfter(60_000);
    for (const web of webs) web.ready = undefined;
    await sleep(SEEN_MS);
    const from = performance.now();
    const ends: number[] = [];
    const wait = async (): Promise<void> => {
      expect(codeOf(await ask(url))).toEqual(UNAVAILABLE);
      ends.push(performance.now() - from);
    };
    const inHand = Promise.all([wait(), wait()]);
    await expect.poll(() => webs.map(({ asked }) => asked.length)).toEqual([1, 1]);
    answerAfter(0);
    const [first, second] = webs;
    if (first !== undefined) first.ready = 200;
    await inHand;
    // The first has been well for a while: what the second has is cut. What the first has is left to it.
    const [cut = 0, left = 0] = ends;
    expect(cut).toBeLessThan(BACK_MS);
    expect(left).toBeGreaterThan(DEADLINE_MS - 1_000);
    expect(left).toBeLessThan(CLIENT_LIMITS_MS.terminal);
    expect(await askAll(2, 500)).toEqual({ 200: expect.any(Number) as unknown });
    expect(second?.asked.length).toBe(1);
  });

  it('that are both down are a problem in the server’s own words soon, and let through when they are back', async () => {
    for (const web of webs) await web.end();
    const until = performance.now() + SEEN_MS;
    while (performance.now() < until) {
      const from = performance.now();
      expect(codeOf(await ask(url))).toEqual(UNAVAILABLE);
      expect(performance.now() - from).toBeLessThan(SOON_MS);
      await sleep(PAUSE_MS);
    }
    await webs[0]?.begin(ports[0]);
    expect((await ask(url)).status).toBe(200);
  });
});

describe('a web process that is not listed in each part of the file', () => {
  it.each([[['any']], [['alive', 'any']]])(
    'is cut all the same, again and again, where %j leave it out',
    async (parts) => {
      await openWithout(parts);
      for (let time = 0; time < 2; time += 1) {
        answerAfter(SLOW_MS * 30);
        const before = webs.map(({ asked }) => asked.length);
        const inHand = [ask(url), ask(url)];
        await expect
          .poll(() => webs.map(({ asked }, at) => asked.length - (before[at] ?? 0)))
          .toEqual([1, 1]);
        const [, frozen] = webs;
        if (frozen === undefined) throw new Error('There is no second one.');
        frozen.ready = undefined;
        const from = performance.now();
        expect(codeOf(await Promise.race(inHand))).toEqual(UNAVAILABLE);
        expect(performance.now() - from).toBeLessThan(DEADLINE_MS / 2);
        frozen.ready = 200;
        answerAfter(0);
        await sleep(SEEN_MS);
      }
    },
  );
});

describe('one web process', () => {
  beforeEach(() => open(1));

  it('that is too slow to answer a look keeps what it has in hand, and gets more', async () => {
    answerAfter(9_000);
    lookAfter(SLOW_LOOK_MS);
    const inHand = ask(url);
    await expect.poll(() => webs[0]?.asked.length).toBe(1);
    answerAfter(SLOW_MS);
    expect(Object.keys(await askAll(4, 6_000))).toEqual(['200']);
    expect((await inHand).status).toBe(200);
  });
});
