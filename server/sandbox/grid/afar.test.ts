import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { askWorld } from './ask-world.ts';
import { gridKeysFrom, makeGridKeys } from './keys.ts';
import { Platform } from './platform/operations.ts';
import { Unanswered } from './platform/refusal.ts';
import { createGridSandbox, type GridSandbox } from './sandbox.ts';
import type { SentFrame } from './world/concentrator.ts';

const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });
const ORDER = '260115100000000001';
const METER = '000026001001';
const CUSTOMER = '650100001001';

let sandbox: GridSandbox;
let clock: ManualClock;
let platform: Platform;
beforeEach(async () => {
  clock = new ManualClock(Date.parse('2026-03-01T12:00:00+08:00'));
  sandbox = await createGridSandbox({ keys: KEYS, clock });
  platform = new Platform(sandbox.world.books());
});
afterEach(() => sandbox.close());

async function ask<T>(path: string, body?: unknown): Promise<T> {
  return (await askWorld<T>(sandbox, path, body)).answer;
}

function sell(faceFen = 5000): void {
  const { serial, soldCount } = platform.identifyCustomer({ customerNo: CUSTOMER });
  platform.sell({
    orderNo: ORDER,
    customerNo: CUSTOMER,
    meterNo: METER,
    serial,
    faceFen,
    count: soldCount + 1,
  });
}

const credit = (): unknown => platform.remoteCredit({ orderNo: ORDER });
const status = (): string => platform.queryCredit({ orderNo: ORDER }).status;

describe('the way to a meter from afar', () => {
  it('is one frame, and the same frame again credits nothing', async () => {
    sell();
    credit();
    const [sent, ...more] = await ask<SentFrame[]>(`meters/${METER}/frames`);
    expect(more).toEqual([]);
    expect(sent?.result).toMatchObject({ creditedFen: 5000, count: 4, error: null });
    const again = await ask(`meters/${METER}/frame`, { frame: sent?.frame });
    expect(again).toMatchObject({ creditedFen: 0, count: 4, error: null });
    expect(await ask(`meters/${METER}`)).toMatchObject({
      balanceFen: 7340,
      remoteFen: 5000,
      creditedFen: 5000,
    });
  });

  it('carries the answer to the credit only, not to a frame from another sender', async () => {
    sell();
    credit();
    expect(
      await ask(`meters/000026001002/frame`, {
        frame: (await ask<SentFrame[]>(`meters/${METER}/frames`))[0]?.frame,
      }),
    ).toMatchObject({
      creditedFen: 0,
      error: 10,
    });
  });

  it('may be slow: pending beyond every horizon, and credited once it arrives', async () => {
    sell();
    await ask(`meters/${METER}/link`, { link: 'slow', ms: 3 * 3_600_000 });
    expect(credit).toThrow(Unanswered);
    await ask('clock', { advanceHours: 2 });
    expect(status()).toBe('pending');
    expect(sandbox.world.meter(METER).remoteFen).toBe(0);
    await ask('clock', { advanceHours: 2 });
    expect(sandbox.world.meter(METER).remoteFen).toBe(5000);
    expect(status()).toBe('credited');
    expect(sandbox.world.meter(METER).remoteFen).toBe(5000);
  });

  it('may be down: given up after half an hour, since nothing left; never credited later', async () => {
    sell();
    await ask(`meters/${METER}/link`, { link: 'offline' });
    expect(credit).toThrow(Unanswered);
    clock.jump(29 * 60_000);
    expect(status()).toBe('pending');
    clock.jump(60_000);
    expect(platform.queryCredit({ orderNo: ORDER })).toEqual({ status: 'failed', reason: 'meter-offline' });
    await ask(`meters/${METER}/link`, { link: 'online' });
    expect(credit).toThrow('meter-offline');
    expect(sandbox.world.meter(METER).remoteFen).toBe(0);
  });

  it('is never given up once a frame may have arrived', async () => {
    sell();
    await ask(`meters/${METER}/link`, { link: 'answer-lost' });
    expect(credit).toThrow(Unanswered);
    for (const link of ['offline', 'dead']) {
      await ask(`meters/${METER}/link`, { link });
      clock.jump(86_400_000);
      expect(status()).toBe('pending');
    }
    await ask(`meters/${METER}/link`, { link: 'online' });
    expect(status()).toBe('credited');
    expect(sandbox.world.meter(METER).remoteFen).toBe(5000);
  });

  it('does not exist for a meter without a module', async () => {
    expect(platform.identifyCustomer({ customerNo: '650100001014' })).toMatchObject({ remote: false });
    expect(await ask('meters/000026001014')).toMatchObject({ link: 'dead' });
    expect(platform.identifyCustomer({ customerNo: CUSTOMER })).toMatchObject({ remote: true });
    await ask(`meters/${METER}/link`, { link: 'dead' });
    expect(platform.identifyCustomer({ customerNo: CUSTOMER })).toMatchObject({ remote: false });
  });
});

describe('the world’s clock', () => {
  it('turns, and households use electricity meanwhile', async () => {
    await ask(`meters/${METER}/settings`, { loadW: 1000, overdraftLimitFen: 100, alarm1Fen: 2200 });
    const { now } = await ask<{ now: string }>('clock', { advanceHours: 3 });
    expect(now).toBe('2026-03-01T07:00:00.000Z');
    expect(await ask('clock')).toEqual({ now });
    expect(await ask(`meters/${METER}`)).toMatchObject({
      balanceFen: 2340 - 3 * 49,
      usedWh: 153_000,
      alarm: 1,
      display: '余额不足报警 1，请购电',
      relayOpen: false,
    });
    await ask('clock', { advanceHours: 1000 });
    expect(await ask(`meters/${METER}`)).toMatchObject({ balanceFen: -100, alarm: 3, relayOpen: true });
  });

  it('moves what an amount buys', async () => {
    const quote = { customerNo: CUSTOMER, meterNo: METER, faceFen: 5000 };
    expect(platform.quote(quote).tiers).toMatchObject([
      { name: '一档', energyWh: 30_000 },
      { name: '二档', energyWh: 65_370 },
    ]);
    await ask('clock', { advanceHours: 31 * 24 }); // a new month
    expect(platform.quote(quote).tiers).toMatchObject([{ name: '一档', energyWh: 102_040 }]);
  });

  it('tells a discount', () => {
    const quote = platform.quote({ customerNo: '650100001012', meterNo: '000026001012', faceFen: 4500 });
    expect(quote).toMatchObject({ creditFen: 4500, discountFen: 500, energyWh: 100_000 });
  });

  it('ends days: their bills can be had then', async () => {
    sell();
    expect(() => platform.dailyBill({ day: '2026-03-01', fromLine: 0 })).toThrow('not cut');
    await ask('clock', { advanceHours: 12 });
    expect(platform.dailyBill({ day: '2026-03-01', fromLine: 0 })).toMatchObject({
      cutAt: '2026-03-02T00:00:00+08:00',
      totals: { sales: 1, soldFen: 5000 },
    });
    expect(await ask('day')).toEqual({ day: '2026-03-02' });
    expect(await ask('day/cut', {})).toEqual({ day: '2026-03-02', at: '2026-03-02T00:00:00.000+08:00' });
    expect(await ask('day')).toEqual({ day: '2026-03-03' });
  });
});
