import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { gridTransfers } from '@bianmin/purchase/api/transfer';
import { Operator } from '../../../build/run/dev/operator.ts';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { dayPlus } from '../../src/kernel/china-time.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';
import { allowAll, makeSecondPerson } from './second-person.ts';

let on: Console;
let desk: Desk | undefined;

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: 1000 });
  await makeSecondPerson(console);
});
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

it('the oldest days are paid to the grid by a transfer that two persons book, and one that does not fit shows', async () => {
  const operator = await Operator.login(on.stack);
  const known = () => operator.call({ path: '/v1/admin/transfers' }, gridTransfers);
  await expect.poll(async () => (await known()).next, { timeout: 60_000 }).not.toBeNull();
  const first = (await known()).next ?? '';
  const last = dayPlus(first, 6);
  desk = await Desk.open(on);
  const { page } = desk;
  await desk.logIn(on.stack);
  await desk.go('/transfers');
  await desk.reads('天在等对账');
  expect(await page.getByRole('button', { name: '登记转账' }).isDisabled()).toBe(true);
  await desk.shot('transfers-wait');
  const run = { path: '/v1/admin/reconciliation/runs', method: 'POST', body: { first, last } } as const;
  await operator.call(run, z.unknown());
  const owedFen = (await known()).unpaid.reduce((sum, day) => sum + (day.owedFen ?? 0), 0);
  expect(owedFen).toBeGreaterThan(0);
  const yuan = (fen: number): string => (fen / 100).toFixed(2);

  await page.getByRole('button', { name: '刷新' }).click();
  await desk.reads('7 天可以付');
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('transfers');
  const book = async (fen: number, reference: string): Promise<void> => {
    await page.getByRole('button', { name: '登记转账' }).click();
    await page.locator('#top-up-amount').fill(yuan(fen));
    await page.locator('#top-up-reference').fill(reference);
    await page.locator('#top-up-paid-on').fill(dayPlus(last, 1));
    await page.locator('#top-up-reason').fill('第一周的电费');
  };
  await book(owedFen - 100, 'BANK-20260108-07');
  await desk.reads('少付 1.00 元');
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('transfers-book');
  await page.getByRole('button', { name: '提交复核' }).click();
  await desk.reads('等待另一位同事复核');
  await desk.go('/approvals');
  await desk.reads('登记付电力公司的转账');
  await desk.shot('transfers-inbox');
  await allowAll(on);
  await desk.go('/transfers');
  const short = page.locator('.el-table__row', { hasText: 'BANK-20260108-07' });
  await short.getByText('少付 1.00 元').waitFor();

  await short.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('金额抄错');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await allowAll(on);
  await page.getByRole('button', { name: '刷新' }).click();
  await desk.reads('7 天可以付');
  await book(owedFen, 'BANK-20260108-08');
  await desk.reads('一致');
  await page.getByRole('button', { name: '提交复核' }).click();
  await desk.reads('等待另一位同事复核');
  await allowAll(on);
  await page.getByRole('button', { name: '刷新' }).click();
  await page.locator('.el-table__row', { hasText: 'BANK-20260108-08' }).getByText('一致').waitFor();
  expect((await known()).next).toBe(dayPlus(last, 1));
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('transfers-paid');
  await page.setViewportSize({ width: 1280, height: 800 });
  await desk.settles();
  const undo = await page.getByRole('button', { name: '撤销' }).boundingBox();
  expect((undo?.x ?? 1280) + (undo?.width ?? 0)).toBeLessThanOrEqual(1280);
  await desk.shot('transfers-small');

  await desk.go(`/money?day=${first}`);
  await desk.reads('已转账付清');
  await desk.shot('money-transferred');
  expect(desk.errors).toEqual([]);
});
