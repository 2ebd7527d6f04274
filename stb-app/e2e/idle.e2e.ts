import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SOON } from '../../terminal-app/e2e/patience.ts';
import type { BoxDouble } from '../double/server.ts';
import { WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** A box is on day and night: what its page does while it is not used. */

const SHOTS = join(import.meta.dirname, '../dist/tv-idle');
/** What looks after a reader: one question after two seconds of silence (`LOOK_MS`), each with its own time-out. */
const TIMERS_OF_A_READER = 4;
const WATCHED_MS = 5_000;
/** The journal is looked through every ten minutes: an order that was not finished here may be by now. */
const JOURNAL_MS = 600_000;

interface Counted {
  /** Asked for since the page began. */
  readonly timeouts: number;
  readonly intervals: number;
  readonly frames: number;
  /** What would run some day if nothing else ever happened: after how many ms it was asked for; null: a frame. */
  readonly waiting: readonly (number | null)[];
}

declare global {
  interface Window {
    counted?: () => Counted;
  }
}

/** Runs in the page before its own script. */
function count(): void {
  const waiting = new Map<string, number | null>();
  const asked = { timeouts: 0, intervals: 0, frames: 0 };
  const { setTimeout, setInterval, clearTimeout, clearInterval, requestAnimationFrame } = window;
  const { cancelAnimationFrame } = window;
  Object.assign(window, {
    setTimeout: (run: () => void, ms?: number) => {
      asked.timeouts += 1;
      const id = setTimeout(() => {
        waiting.delete(`t${id}`);
        run();
      }, ms);
      waiting.set(`t${id}`, ms ?? 0);
      return id;
    },
    clearTimeout: (id: number) => {
      waiting.delete(`t${id}`);
      clearTimeout(id);
    },
    setInterval: (run: () => void, ms?: number) => {
      asked.intervals += 1;
      const id = setInterval(run, ms);
      waiting.set(`i${id}`, ms ?? 0);
      return id;
    },
    clearInterval: (id: number) => {
      waiting.delete(`i${id}`);
      clearInterval(id);
    },
    requestAnimationFrame: (run: FrameRequestCallback) => {
      asked.frames += 1;
      const id = requestAnimationFrame((at) => {
        waiting.delete(`f${id}`);
        run(at);
      });
      waiting.set(`f${id}`, null);
      return id;
    },
    cancelAnimationFrame: (id: number) => {
      waiting.delete(`f${id}`);
      cancelAnimationFrame(id);
    },
    counted: (): Counted => ({ ...asked, waiting: [...waiting.values()] }),
  });
}

let bench: TvBench;
let box: BoxDouble;
let tv: TvPage;
onTvBench(SHOTS, async (on) => {
  bench = on;
  box = await bench.box('box-idle');
  tv = await TvPage.open(bench.browser, box.tvUrl, { before: count });
  await tv.reads('这个盒子还没有启用');
  await bench.accept();
  await tv.reads(WAITS);
});
afterAll(() => tv.close());

const counted = (): Promise<Counted> =>
  tv.page.evaluate(() => window.counted?.() ?? Promise.reject(new Error('Nothing was counted.')));

it('asks its reader, and does nothing else: no interval, no frame, no request to the server', async () => {
  // Enrolment's waits are over; a question to the reader waits besides, or none for the moment.
  await expect
    .poll(async () => (await counted()).waiting.filter((ms) => ms !== JOURNAL_MS).length, SOON)
    .toBeLessThanOrEqual(2);
  // What its start asked the shell for is over too.
  let asked = -1;
  await expect.poll(() => asked === (asked = box.shell.ops.length), { ...SOON, interval: 1_000 }).toBe(true);
  const before = await counted();
  await tv.page.waitForTimeout(WATCHED_MS);
  const after = await counted();
  expect(after.frames - before.frames).toBe(0);
  expect(after.intervals).toBe(before.intervals);
  expect(after.timeouts - before.timeouts).toBeLessThanOrEqual(
    TIMERS_OF_A_READER * Math.ceil(WATCHED_MS / 2_000),
  );
  expect(box.shell.ops.slice(asked)).toEqual([]);
});

it('has nothing left to do but to look through its journal where no reader is plugged in', async () => {
  box.usb.unplugged = true;
  await box.usb.tell();
  await tv.reads('请把读卡器插到盒子上');
  await expect.poll(async () => (await counted()).waiting, SOON).toEqual([JOURNAL_MS]);
  const before = await counted();
  await tv.page.waitForTimeout(WATCHED_MS);
  expect(await counted()).toEqual(before);
});
