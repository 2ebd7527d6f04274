import { describe, expect, it } from 'vitest';
import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import type { OrderView } from '@bianmin/purchase/api/order';
import { shellRig } from '../../double/rig.ts';
import { OrderPolling, POLL_MAX_MS, POLL_MS } from './order-polling.ts';
import { loadSettings, saveSettings } from './settings.ts';
import { ShellClock } from './shell-clock.ts';
import { shellCall } from './shell-http.ts';

const ORDER: OrderView = {
  orderNo: '260115100000000001',
  version: 1,
  state: 'paying',
  entry: 'iptv3',
  faceFen: 5000,
  discountFen: 0,
  paidFen: 5000,
  createdAt: '2026-01-15T02:00:00.000Z',
  payment: null,
  receiptCode: null,
  refund: null,
};

describe('the feed of orders', () => {
  function feed(answer: () => Promise<OrderView>) {
    const clock = new ManualClock();
    const seen: OrderView[] = [];
    const faults: string[] = [];
    const polling = new OrderPolling({ order: answer, clock, onFault: (where) => faults.push(where) });
    const off = polling.subscribe(ORDER.orderNo, (order) => seen.push(order));
    return { clock, seen, faults, off };
  }

  it('asks while there is a subscriber, and no timer is left afterwards', async () => {
    const { clock, seen, off } = feed(async () => ORDER);
    await clock.advance(2 * POLL_MS);
    expect(seen).toHaveLength(2);
    off();
    await settled();
    expect(clock.sleepers).toBe(0);
  });

  it('waits longer while the server is away, and says so once', async () => {
    let asked = 0;
    const { clock, faults } = feed(async () => {
      asked++;
      throw new Error('away');
    });
    await clock.advance(60_000);
    expect(asked).toBeLessThan(60_000 / POLL_MAX_MS + 4);
    expect(faults).toEqual(['order']);
  });
});

describe('the box’s clock', () => {
  it('is the shell’s, goes on by itself, and its leases never go back', async () => {
    const { link, clock } = shellRig();
    const page = new ManualClock(0);
    const box = new ShellClock(link, page);
    expect(box.now()).toBe(0);
    await box.look();
    expect(box.trusted).toBe(true);
    expect(box.now()).toBe(clock.now());
    await page.advance(500);
    expect(box.now()).toBe(clock.now() + 500);
    const before = box.monotonic();
    // The page's clock ran ahead of the shell's: what was measured stays measured.
    await box.look();
    expect(box.monotonic()).toBe(before);
    // The box slept: the page's clock stood still.
    clock.jump(60_000);
    await box.look();
    expect(box.monotonic()).toBe(before - 500 + 60_000);
  });
});

describe('settings', () => {
  it('are kept, and are never worth a box that does not start', async () => {
    const { link: first, reopen, shell } = shellRig();
    expect(await loadSettings(first)).toEqual({});
    await saveSettings(first, { language: 'ug', large: true, voice: false });
    const link = reopen();
    expect(await loadSettings(link)).toEqual({ language: 'ug', large: true, voice: false });
    await link.ask({ op: 'storePut', shelf: 'settings', name: 'screen', value: '{"language":3,' });
    expect(await loadSettings(link)).toEqual({});
    shell.call = () => {
      throw new Error('gone');
    };
    expect(await loadSettings(link)).toEqual({});
  });
});

describe('HTTP by the shell', () => {
  it('goes to the one server, below its path', async () => {
    const asked: unknown[] = [];
    const { link } = shellRig({
      http: async (request) => {
        asked.push(request);
        return { status: 201, headers: { date: 'now' }, body: '{}' };
      },
    });
    const call = shellCall(link, 'https://server.test/base');
    const request = { method: 'POST', headers: { A: 'b' }, body: '{"x":1}', timeoutMs: 1000 } as const;
    expect(await call({ ...request, url: 'https://server.test/base/v1/x?y=1' })).toEqual({
      status: 201,
      headers: { date: 'now' },
      body: '{}',
    });
    expect(asked).toEqual([
      {
        op: 'http',
        method: 'POST',
        path: '/v1/x?y=1',
        headers: { A: 'b' },
        body: '{"x":1}',
        timeoutMs: 1000,
      },
    ]);
    await expect(call({ ...request, url: 'https://evil.test/v1/x' })).rejects.toThrow('Not our server');
  });
});
