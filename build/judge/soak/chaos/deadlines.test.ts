import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../../server/src/kernel/limits.ts';
import { LoopLag } from '../../../../server/src/testing/loop-lag.ts';
import { isInFront, isOverdue, RequestTimes } from './deadlines.ts';

const AWAKE = { within: () => 0 };
const request = (tookMs: number, fromMs = 1_000) =>
  ({ asker: 'terminal', what: '/v1/terminal/orders', fromMs, toMs: fromMs + tookMs }) as const;

describe('how long the requests of an evening took', () => {
  it('is nobody’s fault up to what web allows itself', () => {
    const times = new RequestTimes();
    times.note(request(LIMITS.request));
    expect(times.late([], AWAKE)).toEqual([]);
  });

  it('is told by how much it was over that, the worst first', () => {
    const times = new RequestTimes();
    times.note(request(LIMITS.request + 100));
    times.note(request(LIMITS.request + 400));
    const late = times.late([], AWAKE);
    expect(late.map(({ overMs }) => overMs)).toEqual([400, 100]);
    expect(late.map(isOverdue)).toEqual([true, false]);
  });

  it('is measured by the caller’s patience where something stood before web', () => {
    const times = new RequestTimes();
    times.note(request(LIMITS.client.terminal + 300));
    times.note({ ...request(LIMITS.client.console - 1), asker: 'staff' });
    const meanwhile = [{ fromMs: 5_000, toMs: 6_000 }];
    expect(times.late(meanwhile, AWAKE).map(({ overMs }) => overMs)).toEqual([300]);
    const before = [{ fromMs: 0, toMs: 1_000 }];
    expect(times.late(before, AWAKE)).toHaveLength(2);
  });

  it('is said whole where the judge stood still, who then blames nobody', () => {
    const times = new RequestTimes();
    times.note(request(LIMITS.request + 900));
    const [late] = times.late([], { within: () => 800 });
    expect(late).toMatchObject({ overMs: 900, judgeLateMs: 800 });
    expect(late !== undefined && isOverdue(late)).toBe(false);
  });

  it('is taken of every try, also of one that fails', async () => {
    const times = new RequestTimes();
    const failing = times.timed('phone', 'a phone', () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await times.timed('phone', 'a phone', () => Promise.resolve(1))).toBe(1);
    expect(times.count).toBe(2);
  });
});

it('what stands before web is the proxies, its line, and web itself where there is one', () => {
  expect(isInFront({ what: 'freeze', whom: 'haproxy' }, 2)).toBe(true);
  expect(isInFront({ what: 'cut', whom: 'web' }, 2)).toBe(true);
  expect(isInFront({ what: 'freeze', whom: 'web' }, 2)).toBe(false);
  expect(isInFront({ what: 'freeze', whom: 'web' }, 1)).toBe(true);
  expect(isInFront({ what: 'freeze', whom: 'database' }, 1)).toBe(false);
});

describe('a judge who cannot turn', () => {
  it('knows when, and for how much of a time', () => {
    const lag = new LoopLag();
    const from = performance.now() + 1_000_000;
    lag.turned(from);
    lag.turned(from + 20);
    lag.turned(from + 20 + 520);
    lag.close();
    expect(lag.within(from, from + 10)).toBe(0);
    expect(lag.within(from + 20, from + 540)).toBeCloseTo(500);
    expect(lag.within(from + 440, from + 2_000)).toBeCloseTo(100);
  });

  it('sees it of itself', async () => {
    const lag = new LoopLag();
    await sleep(50);
    const until = performance.now() + 150;
    while (performance.now() < until);
    await sleep(50);
    lag.close();
    expect(lag.longestMs).toBeGreaterThan(80);
  });
});
