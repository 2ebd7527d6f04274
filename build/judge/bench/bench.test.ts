import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { samplePurchase } from '@bianmin/shared/testing/sample-purchase';
import { tripleDes } from '@bianmin/shared/testing/node/triple-des';
import { identifyChip } from '@bianmin/shared/chip/identify';
import { readCard } from '@bianmin/shared/meter-card/read';
import { DirectSession } from '@bianmin/shared/testing/direct-session';
import { cardRow } from './cards.ts';
import { fleetFaults, fleetMissed, fleetRow } from './fleet.ts';
import { counterSum } from './counters.ts';
import { kioskRow, leakRatio } from './kiosk-figures.ts';
import { assetsOf } from './kiosk-page.ts';
import { ordersRow } from './orders.ts';
import { percentile } from './percentile.ts';
import { scaleRows } from './scale.ts';
import { startRow } from './start.ts';
import { stbRow } from './stb.ts';
import { bundleKb } from './stb-weight.ts';
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
});

it('makes a row of orders that says what docs/figures.md says', () => {
  const latenciesMs = Array.from({ length: 100 }, (_, i) => i + 1);
  const run = { concurrency: 32, latenciesMs, elapsedMs: 2000, writes: 800, cpuMs: { web: 1500 } };
  expect(ordersRow(run)).toEqual({
    bench: 'orders',
    concurrency: 32,
    orders: 100,
    perSecond: 50,
    p50Ms: 50,
    p95Ms: 95,
    writesPerOrder: 8,
    cpuMsPerOrder: { web: 15 },
  });
});

it('makes a row of a card by the time used, not by its commands', async () => {
  const { card } = samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 });
  const session = new DirectSession(card);
  const image = await readCard(await identifyChip(session, { memoryDialect: 'acs' }), session.atr);
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

describe('a figure of the home box', () => {
  it('is a row with its goal', () => {
    expect(stbRow('firstScreen', 1234.56)).toEqual({
      bench: 'stb',
      name: 'firstScreen',
      value: 1234.6,
      unit: 'ms',
      goal: 1500,
    });
  });

  it('weighs what a box loads, compressed, and no font', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'bianmin-weight-'));
    await mkdir(join(dir, 'assets'));
    await writeFile(join(dir, 'index.html'), randomBytes(1024));
    await writeFile(join(dir, 'assets/a.js'), 'x'.repeat(100_000));
    const without = await bundleKb(dir);
    await writeFile(join(dir, 'assets/b.woff2'), randomBytes(50_000));
    expect(await bundleKb(dir)).toBe(without);
    expect(without).toBeGreaterThan(1);
    expect(without).toBeLessThan(2);
    await rm(dir, { recursive: true });
  });
});

describe('a figure of the kiosk', () => {
  it('is a row with its goal', () => {
    expect(kioskRow('paidToWriteP95', 195.34)).toEqual({
      bench: 'kiosk',
      name: 'paidToWriteP95',
      value: 195.3,
      unit: 'ms',
      goal: 500,
    });
    expect(kioskRow('leakRatio', 1.0774).value).toBe(1.077);
  });

  it('is about whichever grew more, page or host', () => {
    const before = { page: 4, host: 20 };
    expect(leakRatio({ before, after: { page: 6, host: 21 } })).toBe(1.5);
    expect(leakRatio({ before, after: { page: 3, host: 22 } })).toBe(1.1);
  });
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

describe('a row of the fleet', () => {
  const load = { statuses: {}, p50Ms: 2, answeredPerSecond: 2000 };
  const run = {
    terminals: 1000,
    held: { ...load, perSecond: 2000, sent: 120_000, failed: 0, p99Ms: 12.34 },
    heldCpuMs: { web: 7200, redis: 1200 },
    capacity: { ...load, perSecond: 5000, sent: 20_000, failed: 0, p99Ms: 80 },
    plain: { ...load, perSecond: 10_000, sent: 40_000, failed: 0, p99Ms: 80 },
    plainCpuMs: 2000,
    plainAnswers: 100_000,
    calmMs: [100, 100, 100],
    stormMs: [100, 150, 190],
    storm: { terminals: 1000, back: 1000, seconds: 60, requests: 5000, refused: 1000, failed: 0 },
  };

  it('says what docs/figures.md says', () => {
    expect(fleetRow(run)).toEqual({
      ...{ bench: 'fleet', terminals: 1000, heartbeatsPerSecond: 2000, p99Ms: 12.3, failed: 0 },
      ...{ capacityPerSecond: 5000, koaPerSecond: 10_000, ratioToKoa: 0.5 },
      ...{
        stormOrderRatio: 1.9,
        calmOrderP95Ms: 100,
        stormOrderP95Ms: 190,
        stormSeconds: 60,
        stormRefused: 1000,
      },
      ...{ cpuUsPerBeat: { web: 60, redis: 10 }, cpuUsPerPlain: 20 },
    });
    expect(fleetFaults(fleetRow(run), run.storm)).toEqual([]);
    expect(fleetMissed(fleetRow(run))).toEqual([]);
  });

  it('names everything that failed and every goal that was missed', () => {
    const storm = { ...run.storm, back: 990, failed: 3 };
    const held = { ...run.held, failed: 1, p99Ms: 150 };
    const capacity = { ...run.capacity, perSecond: 3000 };
    const row = fleetRow({ ...run, held, capacity, stormMs: [300] });
    expect(fleetFaults(row, storm)).toEqual([
      '1 beats failed',
      '10 terminals never came back',
      '3 requests of the storm failed',
    ]);
    expect(fleetMissed(row)).toHaveLength(3);
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
