import { describe, expect, it } from 'vitest';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { identifyChip } from '@bianmin/card/chip/identify';
import { readBuiltIn } from '@bianmin/card/testing/read-built-in';
import { DirectSession } from '@bianmin/card/testing/direct-session';
import { cardRow } from './cards.ts';
import { counterSum } from './counters.ts';
import { assetsOf } from './kiosk-page.ts';
import { ordersRow } from './orders.ts';
import { percentile } from './percentile.ts';
import { scaleRows } from './scale.ts';
import { startRow } from './start.ts';
import { addressOf, eventOf } from './terminal-line.ts';

describe('a percentile', () => {
  it('is a value that was measured, by nearest rank', () => {
    const values = [15, 20, 35, 40, 50];
    expect([0.05, 0.3, 0.4, 0.5, 1].map((share) => percentile(values, share))).toEqual([15, 20, 20, 35, 50]);
    expect(percentile([7], 0.95)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('does not depend on the order and leaves the values alone', () => {
    const values = [3, 1, 2];
    expect(percentile(values, 0.95)).toBe(3);
    expect(values).toEqual([3, 1, 2]);
  });
});

it('adds a counter up over its labels and takes no other that begins alike', () => {
  const text = [
    '# HELP bianmin_order_writes_total Durable writes.',
    '# TYPE bianmin_order_writes_total counter',
    'bianmin_order_writes_total{kind="order"} 3',
    'bianmin_order_writes_total{kind="move"} 12',
    'bianmin_order_writes_total_other 100',
    'bianmin_orders_created_total 3',
  ].join('\n');
  expect(counterSum(text, 'bianmin_order_writes_total')).toBe(15);
  expect(counterSum(text, 'bianmin_orders_created_total')).toBe(3);
  expect(counterSum(text, 'nothing')).toBe(0);
  const commands = ['c{command="find",outcome="ok"} 4', 'c{command="update",outcome="ok"} 2'].join('\n');
  expect(counterSum(commands, 'c', /command="(?:find|count)"/)).toBe(4);
});

it('makes a row of orders that says what docs/figures.md says', () => {
  const latenciesMs = Array.from({ length: 100 }, (_, i) => i + 1);
  const run = { concurrency: 32, latenciesMs, elapsedMs: 2000, writes: 800, reads: 1200 };
  const cpuMs = { web: 1500, redis: 100, database: 900, wallet: 70 };
  expect(ordersRow({ ...run, cpuMs })).toEqual({
    bench: 'orders',
    concurrency: 32,
    orders: 100,
    perSecond: 50,
    p50Ms: 50,
    p95Ms: 95,
    writesPerOrder: 8,
    readsPerOrder: 12,
    cpuMsServer: 25,
    perServerCore: 40,
    cpuMsPerOrder: { web: 15, redis: 1, database: 9, wallet: 0.7 },
  });
});

it('makes a row of a card by the time used, not by its commands', async () => {
  const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
  const session = new DirectSession(card);
  const image = await readBuiltIn(await identifyChip(session, { memoryDialect: 'acs' }), session.atr);
  const used = { apdus: 2, bytes: 150, busMs: 300, eepromMs: 0, eepromCycles: 0 };
  const row = cardRow('SLE4442', { used, before: image, after: image });
  expect(row).toMatchObject({ bench: 'cards', chip: 'SLE4442', apdus: 2, bytes: 150, busMs: 300 });
  // At 50 kHz.
  expect(row.busClocks).toBe(15_000);
  expect(row.ratioToLeast).toBeCloseTo(300 / row.least.busMs, 2);
  expect(row.ratioToNaive).toBeLessThan(row.ratioToLeast);
});

it('makes a row of a start with its goal', () => {
  expect(startRow('warmStart', 4321)).toEqual({
    bench: 'start',
    name: 'warmStart',
    value: 4.3,
    unit: 's',
    goal: 10,
  });
  expect(startRow('coldStart', 80_000).goal).toBe(90);
});

it('finds what a page loads', () => {
  const page =
    '<link rel="icon" href="data:,"><script type="module" src="/assets/a-1.js"></script>' +
    '<link rel="stylesheet" crossorigin href="/assets/b.css">';
  expect(assetsOf(page)).toEqual(['/assets/a-1.js', '/assets/b.css']);
});

describe('a virtual terminal', () => {
  it('has an address of its own', () => {
    const addresses = Array.from({ length: 600 }, (_, i) => addressOf(i));
    expect(new Set(addresses).size).toBe(600);
    expect(addresses[250]).toBe('198.18.1.1');
  });

  it('reads the stream of orders', () => {
    expect(eventOf('event: order\nid: 17\ndata: {"a": 1}')).toEqual({ id: '17', data: '{"a": 1}' });
    expect(eventOf(': beat')).toBeUndefined();
    expect(eventOf('retry: 2000\n: open')).toBeUndefined();
  });
});

it('multiplies what a place asks for by what each costs', () => {
  const costs = { order: { web: 50 }, beat: { web: 0.1, redis: 0.01 }, key: { web: 2 } };
  const place = { name: 'a town', households: 180_000, buyToday: 0.1, terminals: 16_200 };
  expect(
    scaleRows(place, costs).map(({ load, perSecond, busyCores }) => [load, perSecond, busyCores]),
  ).toEqual([
    ['orders', 1, { web: 0.05 }],
    ['beats', 270, { web: 0.027, redis: 0.0027 }],
    ['keys', 10, { web: 0.02 }],
  ]);
});
