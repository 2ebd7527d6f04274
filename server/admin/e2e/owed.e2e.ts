import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { Operator } from '../../../build/run/dev/operator.ts';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { chinaDay, dayPlus } from '../../src/kernel/china-time.ts';
import { Desk, eachAtDesk, onConsole, YEAR_IN_CI, type Console } from './console.ts';

let on: Console;
let desk: Desk | undefined;

const answer = z.looseObject({ grid: z.looseObject({ sales: z.int() }) });

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: YEAR_IN_CI });
});
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

it('says in one interaction what we owe the grid for yesterday, and in two more of which order each line is', async () => {
  const day = dayPlus(chinaDay(new Date()), -1);
  const operator = await Operator.login(on.stack);
  const sales = async (): Promise<number> =>
    (await operator.call({ path: `/v1/admin/money?day=${day}` }, answer)).grid.sales;
  // The books follow the orders.
  await expect.poll(sales, { timeout: 60_000, interval: 500 }).toBeGreaterThan(0);
  desk = await Desk.open(on);
  const { page } = desk;
  await desk.logIn(on.stack);
  await page.getByRole('link', { name: '资金一览' }).click();
  await desk.reads(`${day} 应付`, '还没有对账', '支付渠道');
  const owed = page.getByTitle('应付（元）：看明细');
  const amount = await owed.innerText();
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('money');
  await owed.click();
  const lines = page.getByRole('dialog');
  await lines.getByRole('row').nth(1).waitFor();
  const cells = await lines.locator('.el-table__row td:last-child').allInnerTexts();
  const sum = cells.reduce((fen, text) => fen + Math.round(Number(text.replaceAll(',', '')) * 100), 0);
  expect(sum).toBe(Math.round(Number(amount.replaceAll(',', '')) * 100));
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('money-lines');
  await lines.getByRole('link').first().click();
  await page.waitForURL(/\/orders\/\d{18}$/);
  expect(desk.errors).toEqual([]);
});

it('says the same in English, at 200 % and for a day without a sale', async () => {
  desk = await Desk.open(on, 'en');
  const { page } = desk;
  await desk.logIn(on.stack);
  await page.setViewportSize({ width: 720, height: 450 });
  await desk.go('/money?day=2020-01-01');
  await desk.reads('For 2020-01-01 we owe 0.00 yuan', 'Not compared yet', 'No floats, discounts');
  expect(await desk.barriers()).toEqual([]);
  const wide = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main === null ? -1 : main.scrollWidth - main.clientWidth;
  });
  expect(wide).toBeLessThanOrEqual(1);
  await desk.shot('money-200');
  expect(desk.errors).toEqual([]);
});
