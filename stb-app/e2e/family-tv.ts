import { afterEach, beforeEach } from 'vitest';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { acceptFirst } from './home.ts';
import type { AtTv } from './journey-kit.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** A family in front of its TV, and the box below it. */
export interface FamilyTv extends AtTv {
  readonly box: BoxDouble;
}

/**
 * A box of its own for a file's tests, which is accepted; `ready` is called with a new page before each test, and after it
 * cables, network and card are as at first. `readerId`: of this file alone; `shots`: the folder of its pictures.
 */
export function onFamilyTv(readerId: string, shots: string, ready: (at: FamilyTv) => void): void {
  let bench: TvBench;
  let box: BoxDouble;
  let tv: TvPage;
  onTvBench(shots, async (on) => {
    bench = on;
    box = await bench.box(readerId);
    await acceptFirst(bench, box.tvUrl);
  });
  beforeEach(async () => {
    tv = await TvPage.open(bench.browser, box.tvUrl);
    ready({ bench, tv, box, readerId });
  });
  afterEach(async ({ task }) => {
    await pictureOfFailure(tv.page, task, shots);
    box.shell.offline = false;
    box.usb.unplugged = false;
    box.usb.strangers.length = 0;
    await bench.sandbox.eject(readerId);
    await tv.close();
  });
}
