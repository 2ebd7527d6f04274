import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTvBench } from '../../../stb-app/e2e/tv-bench.ts';
import { TvPage, type RemoteKey } from '../../../stb-app/e2e/tv-page.ts';
import { ensureTvPages } from '../../run/dev/renderer.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { benchBridge } from './bridge.ts';
import { percentile } from './percentile.ts';
import { keysPainted, openings, pageMemory, throttled } from './stb-page.ts';
import { apkWeight, bundleKb } from './stb-weight.ts';

const READER = 'bench-box';
const OPENINGS = 7;
const APDUS = 3_000;
const WAITS = '请把电卡插进读卡器';

const GOALS = {
  firstScreen: { unit: 'ms', goal: 1500 },
  keyToPaint: { unit: 'ms', goal: 80 },
  bundleKB: { unit: 'KB', goal: 120 },
  bridgePerApdu: { unit: 'µs', goal: 500 },
  apkMB: { unit: 'MB', goal: 3 },
  memoryMB: { unit: 'MB', goal: 120 },
} as const;
type Figure = keyof typeof GOALS;

export interface StbRow {
  readonly bench: 'stb';
  readonly name: Figure;
  readonly value: number;
  readonly unit: string;
  readonly goal: number;
}

export function stbRow(name: Figure, value: number): StbRow {
  return { bench: 'stb', name, value: Number(value.toFixed(1)), ...GOALS[name] };
}

/** The home box's pages as they are built, on a processor six times slower than this; their weight; the bridge. */
export async function benchStb({ report, orders: times = OPENINGS }: BenchContext): Promise<BenchResult> {
  const pages = await ensureTvPages(report);
  const rows: StbRow[] = [stbRow('bundleKB', await bundleKb(pages))];
  const faults: string[] = [];

  const apk = await apkWeight(report);
  if (typeof apk === 'string') faults.push(apk);
  else {
    report(`Weighed ${apk.file}`);
    rows.push(stbRow('apkMB', apk.mb));
  }

  const { directUs, bridgedUs } = await benchBridge(APDUS);
  report(`One APDU: ${directUs.toFixed(0)} µs without the bridge, ${bridgedUs.toFixed(0)} µs through it`);
  rows.push(stbRow('bridgePerApdu', bridgedUs - directUs));

  const onScreen = await benchScreens(report, times);
  rows.unshift(...onScreen.rows);
  const missed = rows
    .filter(({ value, goal }) => value > goal)
    .map(({ name, value, unit, goal }) => `${name}: ${value} ${unit}, and ${goal} is the goal`);
  return { rows, engine: onScreen.engine, faults, missed };
}

/** One purchase by the remote, on a real server; what is measured is the page. */
async function benchScreens(
  report: (line: string) => void,
  times: number,
): Promise<{ rows: readonly StbRow[]; engine: string }> {
  const bench = await openTvBench(join(tmpdir(), 'bianmin-bench-stb'));
  try {
    const box = await bench.box(READER);
    const tv = await TvPage.open(bench.browser, box.tvUrl);
    await tv.reads('这个盒子还没有启用');
    await bench.accept();
    await tv.reads(WAITS);
    const session = await throttled(tv.page);
    const opened = await openings(tv.page, { url: box.tvUrl, words: WAITS, times });
    report(`First screens, ms: ${opened.map((ms) => ms.toFixed(0)).join(', ')}`);

    const keys = await walk(tv, async () => {
      const home = await bench.household('SLE4442');
      await bench.sandbox.insert(READER, home.cardId);
    });
    report(`${keys.length} keys to paint, ms: ${summary(keys)}`);

    await bench.sandbox.pay(await tv.codeUrl());
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    // What was bought stays on the screen until it is put away.
    await tv.begins();
    const { pssMb, heapMb } = await pageMemory(bench.browser, session);
    report(
      `The page's process after a purchase: ${pssMb.toFixed(1)} MB, of which objects ${heapMb.toFixed(1)}`,
    );
    await tv.close();
    return {
      rows: [
        stbRow('firstScreen', percentile(opened, 0.5)),
        stbRow('keyToPaint', percentile(keys, 0.95)),
        stbRow('memoryMB', pssMb),
      ],
      engine: bench.stack.database.engine,
    };
  } finally {
    await bench.close();
  }
}

/** Every kind of press on the way to the code: over the welcome, settings, help, a card, amounts, digits. */
async function walk(tv: TvPage, insert: () => Promise<void>): Promise<number[]> {
  const measured: number[] = [];
  const press = async (...keys: RemoteKey[]): Promise<void> => {
    await tv.press(...keys);
    measured.push(...(await keysPainted(tv.page, keys.length)));
  };
  const type = async (digits: string): Promise<void> => {
    await tv.type(digits);
    measured.push(...(await keysPainted(tv.page, digits.length)));
  };
  await keysPainted(tv.page, 0);
  await press('up', 'right', 'left', 'down', 'up', 'right', 'left', 'down');
  for (const place of ['设置', '帮助']) {
    await tv.focus(place);
    await keysPainted(tv.page, 0);
    await press('ok');
    await press('down', 'down', 'up', 'right', 'left');
    await press('back');
  }
  await insert();
  await tv.reads('这是您的电卡吗？');
  await press('right', 'left');
  await press('ok');
  await tv.reads('充多少？');
  await press('right', 'right', 'down', 'left', 'up', 'left');
  await type('305');
  await press('back', 'back', 'back');
  await tv.focus('50 元');
  await keysPainted(tv.page, 0);
  await press('ok');
  return measured;
}

function summary(values: readonly number[]): string {
  return `median ${percentile(values, 0.5)}, p95 ${percentile(values, 0.95)}, most ${percentile(values, 1)}`;
}
