import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { expectCreditedOnce, toCode, type AtTv } from './journey-kit.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** The home box from the card to the meter: built pages, real server, a keyboard for a remote. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');
const READER = 'box-journey';

let bench: TvBench;
let box: BoxDouble;
let tv: TvPage;
onTvBench(SHOTS, async (on) => {
  bench = on;
  box = await bench.box(READER);
});
beforeEach(async () => {
  tv = await TvPage.open(bench.browser, box.tvUrl);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  await bench.sandbox.eject(READER);
  await tv.close();
});

const at = (): AtTv => ({ bench, tv, readerId: READER });

describe('a new box', () => {
  it('shows its number until it is accepted, and then goes on by itself', async () => {
    await tv.reads('这个盒子还没有启用', '盒子号码', '0991-95598');
    expect(await bench.accept()).toBe(1);
    await tv.reads('请把电卡插进读卡器', '读卡器已接好');
  });
});

describe.each([
  ['720p', { width: 1280, height: 720 }],
  ['1080p', { width: 1920, height: 1080 }],
])('buying ¥50 with the remote at %s', (_, viewport) => {
  it.each(['SLE4442', 'CPU'])('pays by phone and writes the card (%s)', async (chip) => {
    await tv.page.setViewportSize(viewport);
    const home = await bench.household(chip);
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at(), home);
    await tv.reads('还有', '支付宝');
    await bench.sandbox.pay(code);
    await tv.reads('写好了', '请拔卡，插进电表');
    await bench.sandbox.eject(READER);
    await tv.begins();
    await expectCreditedOnce(at(), home, before.balanceFen);
  });
});
