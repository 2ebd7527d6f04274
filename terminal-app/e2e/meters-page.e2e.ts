import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gridKeysFrom, makeGridKeys } from '../../server/sandbox/grid/keys.ts';
import { Platform } from '../../server/sandbox/grid/platform/operations.ts';
import { createGridSandbox, type GridSandbox } from '../../server/sandbox/grid/sandbox.ts';
import { inWorker } from './in-worker.ts';
import { patient } from './patience.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const KEYS = gridKeysFrom({ ...makeGridKeys().sandbox });
const SIZE = { width: 1280, height: 800 };

let browser: Browser;
let sandbox: GridSandbox;
let page: Page;
inWorker.beforeAll(async ({ browser: chromium }) => {
  await mkdir(SHOTS, { recursive: true });
  browser = chromium;
});
beforeEach(async () => {
  sandbox = await createGridSandbox({ keys: KEYS });
  page = patient(await browser.newPage({ viewport: SIZE, reducedMotion: 'reduce' }));
  await page.goto(sandbox.url);
  await page.locator('[data-card]').first().waitFor();
});
afterEach(async () => {
  await page.close();
  await sandbox.close();
});

const shot = (name: string) => page.screenshot({ path: join(SHOTS, `meters-${name}.png`) });
const noted = (note: string) => {
  const card = sandbox.world.drawer.list().find(({ noteEn }) => noteEn.startsWith(note));
  if (card === undefined) throw new Error(`No card is noted "${note}".`);
  return { id: card.id, meterNo: card.meterNo ?? '' };
};
const card = (id: string): Locator => page.locator(`[data-card="${id}"]`);
const meter = (no: string): Locator => page.locator(`[data-meter="${no}"]`);

async function reads(where: Locator, text: string): Promise<void> {
  await where.filter({ hasText: text }).waitFor();
}

/** As a hand does it: pressed, moved on a little, brought over, let go. */
async function drag(cardId: string, meterNo: string): Promise<void> {
  await pickUp(cardId);
  await meter(meterNo).hover();
  await meter(meterNo).hover({ position: { x: 20, y: 20 } });
  await page.mouse.up();
}

async function pickUp(cardId: string): Promise<void> {
  await card(cardId).hover();
  await page.mouse.down();
  await card(cardId).hover({ position: { x: 20, y: 20 } });
}

describe('the page of the meters', () => {
  it('a card dragged onto its meter is in it: the balance rises once, and the page says so', async () => {
    const { id, meterNo } = noted('The last purchase has not been');
    const before = { ...sandbox.world.meter(meterNo) };
    await shot('1-street');
    await drag(id, meterNo);
    await reads(page.locator('#news'), '充入');
    await shot('2-dragged');
    const after = sandbox.world.meter(meterNo);
    expect(after).toMatchObject({ count: before.count + 1 });
    expect(after.balanceFen).toBeGreaterThan(before.balanceFen);
    await reads(meter(meterNo), (after.balanceFen / 100).toFixed(2));
    await drag(id, meterNo);
    await reads(page.locator('#news'), '没有充值');
    expect(sandbox.world.meter(meterNo).balanceFen).toBe(after.balanceFen);
  });

  it('onto a neighbour’s meter is refused in words and by number', async () => {
    const { id } = noted('The last purchase has not been');
    const { meterNo } = noted('CPU card');
    await drag(id, meterNo);
    await reads(page.locator('#news'), '表号');
    await reads(meter(meterNo), 'Err-11');
    await shot('3-refused');
  });

  it('is dragged on although something happens in the street meanwhile', async () => {
    const { id, meterNo } = noted('The last purchase has not been');
    const neighbour = noted('CPU card');
    await pickUp(id);
    await meter(neighbour.meterNo).hover();
    sandbox.world.consume(neighbour.meterNo, 100);
    await page.waitForResponse((response) => response.url().endsWith('/world/sms'));
    await page.waitForResponse((response) => response.url().endsWith('/world/sms'));
    await meter(meterNo).hover();
    await meter(meterNo).hover({ position: { x: 20, y: 20 } });
    await page.mouse.up();
    await reads(page.locator('#news'), '充入');
    await reads(
      meter(neighbour.meterNo),
      (sandbox.world.meter(neighbour.meterNo).balanceFen / 100).toFixed(2),
    );
  });

  it('without a mouse: the card, then the meter, by keyboard', async () => {
    const { id, meterNo } = noted('The last purchase has not been');
    await card(id).press('Enter');
    await reads(page.locator('#news'), '已选');
    await shot('4-chosen');
    await meter(meterNo).locator('.slot').press('Enter');
    await reads(page.locator('#news'), '充入');
  });

  it('shows the clock turned, days cut, alarms, what came from afar, and all of it in English', async () => {
    const { meterNo } = noted('Ordinary card');
    const platform = new Platform(sandbox.world.books());
    const customerNo = sandbox.world.meter(meterNo).customerNo;
    const { serial, soldCount } = platform.identifyCustomer({ customerNo });
    const orderNo = '260115100000000001';
    platform.sell({ orderNo, customerNo, meterNo, serial, faceFen: 5000, count: soldCount + 1 });
    platform.remoteCredit({ orderNo });
    await reads(page.locator('#news'), '远程充值');
    await page.getByRole('button', { name: '过 1 天' }).click();
    await reads(page.locator('#news'), '各户用电已结算');
    await page.getByRole('button', { name: '日切' }).click();
    await reads(page.locator('#news'), '已日切');
    await shot('5-later');
    await page.getByRole('button', { name: 'English' }).click();
    await reads(meter(meterNo), '50.00 yuan from afar');
    await shot('6-english');
    await page.setViewportSize({ width: 390, height: 844 });
    await shot('7-phone');
  });
});
