import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

/** Seeded with their rollups: nothing is waited for. */
const ORDERS = 3000;
const WALL = { width: 1920, height: 1080 };
/** With `UPDATE_SCREENSHOTS` the picture of docs/console.md is taken again. */
const IMAGE = join(import.meta.dirname, '../../../docs/images/console/wall.jpg');
const updates = process.env['UPDATE_SCREENSHOTS'] !== undefined;
let on: Console;
let desk: Desk | undefined;

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: ORDERS });
});
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

async function hang(locale: 'zh-CN' | 'en'): Promise<Desk> {
  desk = await Desk.open(on, locale);
  await desk.page.setViewportSize(WALL);
  await desk.logIn(on.stack);
  await desk.go('/wall');
  await desk.page.locator('[data-live=live]').waitFor();
  return desk;
}

describe('the wall screen', () => {
  it.each(['zh-CN', 'en'] as const)(
    'fits its screen in %s, with everything a room asks for',
    async (locale) => {
      const at = await hang(locale);
      const { page } = at;
      await page.locator('.cells li').first().waitFor();
      expect(await page.locator('.cells li').count()).toBe(14);
      expect(await page.locator('[data-figure] strong').count()).toBe(4);
      expect(await page.locator('[data-waits]').count()).toBe(6);
      expect(await at.barriers()).toEqual([]);
      const [wide, high] = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth, scrollHeight];
      });
      expect([wide, high]).toEqual([WALL.width, WALL.height]);
      // No household on it: neither a masked name nor a masked number.
      expect(await page.locator('main').innerText()).not.toContain('*');
      await at.shot(`wall.${locale}`);
      if (updates && locale === 'zh-CN') await page.screenshot({ path: IMAGE, type: 'jpeg', quality: 70 });
      expect(at.errors).toEqual([]);
    },
  );

  it('is of now, says when it is not, and comes back', async () => {
    const at = await hang('en');
    const { page } = at;
    const waiting = page.locator('[data-waits=refunding] strong');
    const before = Number(await waiting.innerText());
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    await db.collection('orders').updateOne({ state: 'done' }, { $set: { state: 'refunding' } });
    await db.close();
    await expect.poll(() => waiting.innerText()).toBe(String(before + 1));

    await page.context().setOffline(true);
    await page.locator('[data-live=lost]').waitFor();
    await at.reads('Connection lost');
    expect(await waiting.innerText()).toBe(String(before + 1));
    expect(await at.barriers()).toEqual([]);
    await at.shot('wall-lost-en');
    await page.context().setOffline(false);
    await page.locator('[data-live=live]').waitFor();
  });

  it('says that its login has ended, keeps what it has, and leads to the login', async () => {
    const at = await hang('zh-CN');
    const { page } = at;
    const db = await connectDatabase(on.stack.urls.mongodbUri);
    await db.collection('sessions').deleteMany({});
    await db.close();
    await page.locator('[data-live=ended]').waitFor();
    await at.reads('登录已到期');
    expect(await page.locator('[data-figure] strong').count()).toBe(4);
    await at.shot('wall-ended');
    await page.locator('[data-live=ended] a').click();
    await page.locator('#name').fill('admin');
    await page.locator('#password').fill(on.stack.adminPassword);
    await page.locator('button[type=submit]').click();
    await page.locator('[data-live=live]').waitFor();
  });
});
