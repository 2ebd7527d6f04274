import type { Page } from 'playwright-core';
import { METER_CHIPS } from '@bianmin/card/testing/meter-files';
import { moreHouseholds } from '../../../server/sandbox/grid/world/more-households.ts';
import { launchChromium } from '../../../terminal-app/e2e/chromium.ts';
import { Committee } from '../../../terminal-app/e2e/committee.ts';
import { ensureRenderer } from '../../run/dev/renderer.ts';
import { SandboxClient } from '../../kit/sandbox-client.ts';
import type { BenchContext, BenchResult } from './bench.ts';
import { openKiosk, painted, words } from './kiosk-buyer.ts';
import { openOrdersStack, type OrdersStack } from './orders-stack.ts';

const HOUSEHOLDS = 10;
/** For all of them, signing in included. */
const MOST_TAPS = 60;
const FACE_FEN = 5000;
const FLOAT_FEN = 10_000_000;

declare global {
  interface Window {
    /** Fingers on the kiosk's own screen. */
    benchTaps?: number;
  }
}

/** A clerk who sells electricity for cash in one shift, by the screen's keys alone; the meters say what came of it. */
export async function benchCounter({
  seed,
  report,
  orders = HOUSEHOLDS,
}: BenchContext): Promise<BenchResult> {
  await ensureRenderer(report);
  const browser = await launchChromium();
  try {
    const on = await openOrdersStack({ report, seed, kiosk: { LOG_LEVEL: 'warn' } });
    try {
      const page = await openKiosk(await browser.newContext(), await on.stack.kioskUrl());
      const { taps, signIn, faults } = await serve(page, on, orders);
      const tapsPerHousehold = Number(((taps - signIn) / orders).toFixed(1));
      report(`${signIn} taps to sign in, ${taps - signIn} for ${orders} households`);
      const missed = taps > MOST_TAPS ? [`${taps} taps, and ${MOST_TAPS} are the most`] : [];
      const row = { bench: 'counter', households: orders, taps, tapsPerHousehold };
      return { rows: [row], engine: on.stack.database.engine, faults, missed };
    } finally {
      await on.close();
    }
  } finally {
    await browser.close();
  }
}

async function serve(
  page: Page,
  { stack, grid }: OrdersStack,
  count: number,
): Promise<{ taps: number; signIn: number; faults: string[] }> {
  const committee = await Committee.open(stack, FLOAT_FEN);
  const clerk = await committee.clerk('zhang', '274913');
  const sandbox = new SandboxClient({ ...stack.urls, gridUrl: grid.url });
  await painted(page, ['wait']);
  await countTaps(page);
  await press(page, words('staff.title'));
  for (const digit of clerk.staffNumber + clerk.pin) await press(page, digit);
  await press(page, words('cash.next'));
  await page.locator('.stage .desk').waitFor();
  const signIn = await tapsOf(page);
  const faults: string[] = [];
  for (const { cardId, meterNo } of householdsOf(grid, count)) {
    await sandbox.insert(stack.readerId, cardId);
    await painted(page, ['amount']);
    await press(page, words('amount.yuan', { yuan: '50' }));
    await painted(page, ['pay']);
    await press(page, words('cash.take'));
    await painted(page, ['cash-take']);
    await press(page, words('cash.taken'));
    await painted(page, ['done']);
    await sandbox.eject(stack.readerId);
    await page.locator('.stage .desk').waitFor();
    const credited = [grid.world.insert(meterNo, cardId), grid.world.insert(meterNo, cardId)];
    const fen = credited.map(({ creditedFen }) => creditedFen).join(' and ');
    if (fen !== `${FACE_FEN} and 0`)
      faults.push(`meter ${meterNo} credited ${fen} fen, not ${FACE_FEN} once`);
  }
  return { taps: await tapsOf(page), signIn, faults };
}

function householdsOf(grid: OrdersStack['grid'], count: number): ReturnType<typeof moreHouseholds> {
  const each = Math.ceil(count / METER_CHIPS.length);
  return METER_CHIPS.flatMap((chip) => moreHouseholds(grid.world, { count: each, chip })).slice(0, count);
}

async function press(page: Page, name: string): Promise<void> {
  await page.locator('.stage').getByRole('button', { name, exact: true }).click();
}

async function countTaps(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.benchTaps = 0;
    window.addEventListener(
      'pointerdown',
      ({ isTrusted, target }) => {
        if (isTrusted && target instanceof Element && target.closest('.stage') !== null)
          window.benchTaps = (window.benchTaps ?? 0) + 1;
      },
      { capture: true },
    );
  });
}

function tapsOf(page: Page): Promise<number> {
  return page.evaluate(() => window.benchTaps ?? 0);
}
