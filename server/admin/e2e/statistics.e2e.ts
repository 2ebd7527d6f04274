import { beforeEach, describe, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { dayOf } from '../src/parts/time.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

/** Seeded with their rollups: nothing is waited for. */
const ORDERS = 400;
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

describe.each(['zh-CN', 'en'] as const)('the home page in %s', (locale) => {
  it('shows the year with its orders, what they are made of and where they were made', async () => {
    desk = await Desk.open(on, locale);
    await desk.logIn(on.stack);
    const { page } = desk;
    await desk.go('/');
    const zh = locale === 'zh-CN';
    await desk.reads(zh ? '等待处理' : 'Waiting', zh ? '各地州市' : 'Prefectures');
    await page.getByText(zh ? '年' : 'Year', { exact: true }).click();
    // A picture says in words what it shows.
    await page.locator(`.picture[aria-label*="${zh ? '下单数' : 'Orders made'}"]`).waitFor();
    const year = dayOf(Date.now()).slice(0, 4);
    await desk.reads(`${year}`);
    const table = page.getByRole('region', { name: zh ? '年、月、日' : 'Year, month, day' });
    await table.getByText(zh ? '1月' : 'Jan', { exact: true }).waitFor();
    expect(await table.locator('tbody tr').count()).toBe(12);
    const numbers = await table.locator('tbody td:nth-child(3)').allInnerTexts();
    const before = numbers.reduce((sum, each) => sum + Number(each.replace('—', '0')), 0);
    const these = await table.locator('tbody td:nth-child(2)').allInnerTexts();
    // All orders of the seeded year are in this year or in the one before.
    expect(before + these.reduce((sum, each) => sum + Number(each.replace('—', '0')), 0)).toBe(ORDERS);
    expect(await page.locator('.map li').count()).toBe(14);
    expect(await desk.barriers()).toEqual([]);
    await desk.shot(`statistics.${locale}`);
    await page.locator('.map').scrollIntoViewIfNeeded();
    await desk.shot(`statistics.map.${locale}`);

    // A number leads to its orders.
    const link = table.getByRole('link').first();
    const wanted = Number(await link.innerText());
    await link.click();
    await page.waitForURL(/\/orders\?from=/);
    await page.locator('.el-table__row').first().waitFor();
    expect(await page.locator('.el-table__row').count()).toBe(Math.min(wanted, 50));
    expect(desk.errors).toEqual([]);
  });
});
