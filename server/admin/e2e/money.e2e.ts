import { readFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Operator } from '../../../build/run/dev/operator.ts';
import { runRemoteJourney } from '../../../build/judge/journey/remote.ts';
import { SandboxClient } from '../../../build/kit/sandbox-client.ts';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { chinaDay, dayPlus } from '../../src/kernel/china-time.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { Desk, deskATest, onConsole, YEAR_IN_CI, type Console } from './console.ts';
import { Hands } from './hands.ts';

const AMOUNT_FEN = 5000;
let on: Console;
let sandbox: SandboxClient;
/** Bought and paid in this run: the sandbox's wallet knows it, which it does not know of those of the year. */
let orderNo: string;
const second = { name: 'second', password: randomUUID() };
let allows: { name: string; password: string };

onConsole(
  async (console) => {
    on = console;
    await seedStack(console.stack, { orders: YEAR_IN_CI });
    const { webUrl, mongodbUri } = console.stack.urls;
    sandbox = new SandboxClient(console.stack.urls);
    await runRemoteJourney({ webUrl, sandbox, amountFen: AMOUNT_FEN, channel: 'wechat' });
    const db = await connectDatabase(mongodbUri);
    const newest = await db.collection<{ _id: string }>('orders').findOne({}, { sort: { createdAt: -1 } });
    await db.close();
    if (newest === null) throw new Error('Nothing was bought.');
    orderNo = newest._id;
    const asks = await Operator.login(console.stack);
    const body = { ...second, roles: ['administrator'] };
    await asks.call({ path: '/v1/admin/users', method: 'POST', body }, z.unknown());
    allows = { name: second.name, password: (await Operator.login(console.stack, second)).password };
  },
  {
    env: { server: { PAYMENT_CODE: 'any' } },
  },
);
const sit = deskATest(() => on);

let other: Desk | undefined;
afterEach(async () => {
  await other?.close();
  other = undefined;
});

describe('refunds at the console', () => {
  it('are asked for in six interactions, allowed in three by a second person, and reach the payer', async () => {
    const at = await sit();
    const { page } = at;
    const asks = new Hands(page);
    await asks.pressKey('Control+K');
    await asks.type(orderNo);
    await page.getByRole('option').first().waitFor();
    await asks.pressKey('Enter');
    await asks.press(page.locator('[data-action=refund]').getByRole('button'));
    const ask = page.getByRole('dialog', { name: '退款' });
    await asks.fill(ask.getByLabel('原因'), '买错了户，住户要求退费');
    expect(await at.barriers()).toEqual([]);
    await at.shot('refund-ask');
    await asks.press(ask.getByRole('button', { name: '提交复核' }));
    await at.reads('等待另一位');
    expect(asks.count).toBeLessThanOrEqual(6);
    await at.go('/refunds');
    const row = page.locator('.el-table__row', { hasText: orderNo });
    await row.getByText('待复核').waitFor();
    await row.getByText('50.00').first().waitFor();
    // Who asked is offered nothing.
    expect(await row.getByRole('button').count()).toBe(0);
    await at.shot('refunds-mine');

    other = await Desk.open(on);
    await other.logIn(on.stack, allows);
    const allowing = new Hands(other.page);
    await allowing.press(other.page.getByRole('link', { name: '待复核' }).first());
    const theirs = other.page.locator('article.card', { hasText: orderNo });
    await theirs.getByText('我方仍收着').waitFor();
    expect(await other.barriers()).toEqual([]);
    await other.shot('refund-inbox');
    await allowing.press(theirs.getByRole('button', { name: '同意' }));
    await other.reads('50.00 元马上经');
    await other.shot('refund-allow');
    await allowing.press(other.page.getByRole('dialog').getByRole('button', { name: '确定' }));
    expect(allowing.count).toBeLessThanOrEqual(3);
    await expect.poll(async () => (await sandbox.paid(orderNo)).refundedFen).toBe(AMOUNT_FEN);
    await other.go(`/orders/${orderNo}`);
    await other.reads('已退');
    await other.shot('refund-done');
    expect(at.errors).toEqual([]);
    expect(other.errors).toEqual([]);
  });
});

describe('bills and days at the console', () => {
  it('are fetched as files, which say of whom they are', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/bills');
    const grid = page.locator('section.panel', { hasText: '应付电力公司' });
    const [sheet] = await Promise.all([
      page.waitForEvent('download'),
      grid.getByRole('button', { name: 'Excel' }).click(),
    ]);
    expect(sheet.suggestedFilename()).toMatch(/^grid-collection-v1-\d{4}-\d\d-\d\d\.xlsx$/u);
    expect((await readFile(await sheet.path())).subarray(0, 2).toString()).toBe('PK');
    const community = page.locator('section.panel', { hasText: '社区（按月）' });
    await community.locator('.el-select').click();
    await page.getByRole('option').first().click();
    const [paper] = await Promise.all([
      page.waitForEvent('download'),
      community.getByRole('button', { name: 'PDF' }).click(),
    ]);
    expect((await readFile(await paper.path())).subarray(0, 5).toString()).toBe('%PDF-');
    await at.shot('bills-fetched');
    expect(at.errors).toEqual([]);
  });

  it('a day is run again, and its accounts are in words', async () => {
    const at = await sit();
    const { page } = at;
    // So long ago that a wallet without a bill for it will never have one.
    const day = dayPlus(chinaDay(new Date()), -10);
    await at.go(`/reconciliation/${day}`);
    await page.getByRole('button', { name: '重新对账' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.el-table').getByText('微信支付应收').first().waitFor();
    await at.reads('支付笔数');
    expect(await at.barriers()).toEqual([]);
    await at.shot('reconciliation-day');
    // The wallet knows nothing of the year that was made up: each such payment is a difference, with a case.
    await page.locator('a[href*="/cases/"]').first().click();
    await page.locator('#content h1').waitFor();
    await at.settles();
    await at.reads('与什么核对');
    await at.shot('case');
    expect(at.errors).toEqual([]);
  });
});
