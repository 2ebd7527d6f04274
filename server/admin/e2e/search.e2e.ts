import { describe, expect, it } from 'vitest';
import { collectionOf, connectDatabase } from '../../src/adapters/mongo/connection.ts';
import type { OrderDocument } from '../../src/orders/store/order-schema.ts';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { deskATest, onConsole, type Console } from './console.ts';
import { Hands } from './hands.ts';

const ORDERS = 400;
let on: Console;
let order: { _id: string; meterNo: string };

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: ORDERS });
  const db = await connectDatabase(console.stack.urls.mongodbUri);
  const found = await collectionOf<OrderDocument>(db, 'orders').findOne({ state: 'done' });
  if (found === null) throw new Error('The year has no order that is done.');
  order = found;
  await db.close();
});
const sit = deskATest(() => on);

describe('the one search', () => {
  it('leads from a meter’s number to the newest order of its household in three interactions, by keys alone', async () => {
    const at = await sit('zh-CN');
    const { page } = at;
    const does = new Hands(page);
    await does.pressKey('Control+K');
    const box = page.getByRole('combobox', { name: '按对方说得出的任何号码或名称搜索' });
    // At once: nobody waits for a box to have the focus.
    await does.type(order.meterNo);
    await expect.poll(() => box.evaluate((each) => each === document.activeElement)).toBe(true);
    expect(await box.inputValue()).toBe(order.meterNo);
    const first = page.getByRole('option').first();
    await first.waitFor();
    expect(await first.getAttribute('aria-selected')).toBe('true');
    const orderNo = await first.locator('.number').first().textContent();
    await at.reads('住户（查看会记入审计）', '这一户的订单', '表号尾号');
    expect(await at.barriers()).toEqual([]);
    await at.shot('search');
    await page.setViewportSize({ width: 1280, height: 800 });
    await at.shot('search.1280');
    await does.pressKey('Enter');
    await at.reads('经过', '其他操作');
    expect(page.url()).toContain(`/orders/${orderNo}`);
    expect(page.url()).not.toContain(order.meterNo);
    expect(does.count).toBeLessThanOrEqual(3);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(at.errors).toEqual([]);
  });

  it('keeps the keys inside, goes around the ends, leads to all orders of a household, and closes by Escape', async () => {
    const at = await sit('en');
    const { page } = at;
    await at.go('/audit');
    await page.locator('#content h1').click();
    await page.keyboard.press('/');
    const box = page.getByRole('combobox', { name: 'Search by any number' });
    await expect.poll(() => box.evaluate((each) => each === document.activeElement)).toBe(true);
    for (const key of ['Tab', 'Tab', 'Shift+Tab']) {
      await page.keyboard.press(key);
      expect(await page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null)).toBe(true);
    }
    await box.focus();
    await page.keyboard.type(order.meterNo);
    await page.getByRole('option').first().waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('search.en');
    await page.keyboard.press('ArrowUp');
    const last = page.getByRole('option').last();
    await expect.poll(() => last.getAttribute('aria-selected')).toBe('true');
    expect(await box.getAttribute('aria-activedescendant')).toBe(await last.getAttribute('id'));
    await page.getByRole('option', { name: 'Orders of this household' }).click();
    await at.reads('Found by meter number');
    await page.getByRole('link', { name: order._id }).waitFor();
    expect(page.url()).not.toContain(order.meterNo);
    // On the list itself another search takes its place.
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Search Ctrl K' }).click();
    await expect.poll(() => box.evaluate((each) => each === document.activeElement)).toBe(true);
    await page.keyboard.type('no-such-thing');
    await at.reads('Nothing found');
    expect(await at.barriers()).toEqual([]);
    await at.shot('search.none.en');
    expect(at.errors).toEqual([]);
  });
});
