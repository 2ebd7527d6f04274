import { beforeEach, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';
import { allowAll, makeSecondPerson } from './second-person.ts';

let on: Console;
let desk: Desk | undefined;

onConsole(
  async (console) => {
    on = console;
    const { gridUrl } = console.stack.urls;
    await fetch(`${gridUrl}/world/deposit`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ availableFen: 1_250_000 }),
    });
    await seedStack(console.stack, { orders: 400 });
    await makeSecondPerson(console);
  },
  { env: { server: { GRID_VENDOR_CREDIT: 'on' } } },
);
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

it('our deposit at the grid is seen, topped up and undone by two persons, and stands beside the books', async () => {
  desk = await Desk.open(on);
  const { page } = desk;
  await desk.logIn(on.stack);
  await desk.go('/deposit');
  const told = async (): Promise<number> => {
    await page.getByRole('button', { name: '刷新' }).click();
    return page.getByText('12,500.00').count();
  };
  // The grid is asked once a minute.
  await expect.poll(told, { timeout: 120_000, interval: 1_000 }).toBeGreaterThan(0);
  await desk.reads('还没有登记');
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('deposit');

  await page.getByRole('button', { name: '登记存入' }).click();
  await page.locator('#top-up-amount').fill('50000');
  await page.locator('#top-up-reference').fill('BANK-20261127-07');
  await page.locator('#top-up-paid-on').fill('2026-11-27');
  await page.locator('#top-up-reason').fill('十一月第二次存入');
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('deposit-top-up');
  await page.getByRole('button', { name: '提交复核' }).click();
  await desk.reads('等待另一位同事复核');
  await allowAll(on);
  await page.getByRole('button', { name: '刷新' }).click();
  const entry = page.locator('.el-table__row', { hasText: 'BANK-20261127-07' });
  await entry.getByText('50,000.00').waitFor();

  const db = await connectDatabase(on.stack.urls.mongodbUri);
  const last = { at: new Date(), gridFen: 1_250_000, booksFen: 1_260_000, underWayFen: 0, timesOff: 3 };
  await db
    .collection<{ _id: string }>('depositbooks')
    .updateOne({ _id: 'collection-v1' }, { $set: { last } });
  await db.close();
  await page.getByRole('button', { name: '刷新' }).click();
  await desk.reads('电力公司比账上少 100.00 元');
  expect(await desk.barriers()).toEqual([]);
  await desk.shot('deposit-differs');

  await entry.getByRole('button', { name: '撤销' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('记错了机构');
  await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await allowAll(on);
  await page.getByRole('button', { name: '刷新' }).click();
  await page.locator('.el-table__row', { hasText: '撤销存入' }).getByText('-50,000.00').waitFor();
  expect(await entry.getByRole('button').count()).toBe(0);
  expect(desk.errors).toEqual([]);
});
