import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleetFaults, fleetMissed, fleetRow } from './fleet/row.ts';
import { kioskRow, leakRatio } from './kiosk-figures.ts';
import { stbRow } from './stb.ts';
import { bundleKb } from './stb-weight.ts';

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

describe('a row of the fleet', () => {
  const counts = { terminals: 1000, back: 1000, requests: 5000, refused: 1000, failed: 0 };
  const storm = { ...counts, seconds: 60, heardSeconds: 60 };
  const load = { statuses: {}, p50Ms: 2, answeredPerSecond: 2000 };
  const run = {
    terminals: 1000,
    held: { ...load, perSecond: 2000, sent: 120_000, failed: 0, p99Ms: 12.34 },
    heldCpuMs: { web: 7200, redis: 1200 },
    capacity: { ...load, perSecond: 5000, sent: 20_000, failed: 0, p99Ms: 80 },
    plain: { ...load, perSecond: 10_000, sent: 40_000, failed: 0, p99Ms: 80 },
    plainCpuMs: 2000,
    plainAnswers: 100_000,
    costs: { koaUs: 30.04, beatUs: 60.06, ratioByCpu: 0.5002 },
    calmMs: [100, 100, 100],
    kept: {
      storm: { ...storm, seconds: 300, heardSeconds: 66 },
      ordersMs: [100, 150, 190],
    },
    lost: { storm, ordersMs: [100, 150] },
  };

  it('says what docs/figures.md says', () => {
    expect(fleetRow(run)).toEqual({
      ...{ bench: 'fleet', terminals: 1000, heartbeatsPerSecond: 2000, p99Ms: 12.3, failed: 0 },
      ...{ capacityPerSecond: 5000, koaPerSecond: 10_000, ratioToKoa: 0.5 },
      ...{ koaUs: 30, beatUs: 60.1, ratioByCpu: 0.5 },
      ...{
        stormOrderRatio: 1.9,
        calmOrderP95Ms: 100,
        stormOrderP95Ms: 190,
        stormSeconds: 60,
        stormRefused: 1000,
        stormMissing: 0,
        stormKeptSeconds: 300,
        stormKeptHeardSeconds: 66,
        stormKeptMissing: 0,
      },
      ...{ cpuUsPerBeat: { web: 60, redis: 10 }, cpuUsPerPlain: 20 },
    });
    expect(fleetFaults(fleetRow(run), [storm, storm])).toEqual([]);
    expect(fleetMissed(fleetRow(run))).toEqual([]);
  });

  it('names everything that failed and every goal that was missed', () => {
    const away = { ...storm, back: 990, failed: 3, seconds: 601 };
    const held = { ...run.held, failed: 1, p99Ms: 150 };
    const costs = { ...run.costs, ratioByCpu: 0.39 };
    const row = fleetRow({ ...run, held, costs, lost: { storm: away, ordersMs: [300] } });
    expect(fleetFaults(row, [storm, away])).toEqual([
      '1 beats failed',
      '10 terminals never came back',
      '3 requests of the storm failed',
    ]);
    expect(row).toMatchObject({ stormMissing: 10, stormKeptMissing: 0 });
    expect(fleetMissed(row)).toHaveLength(4);
  });
});
