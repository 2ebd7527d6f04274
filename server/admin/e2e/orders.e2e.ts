import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { collectionOf, connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { OrderArchive } from '../../src/orders/store/order-archive.ts';
import type { OrderDocument } from '../../src/orders/store/order-schema.ts';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { deskATest, onConsole, type Console } from './console.ts';

/** Enough for several pages and for an order in each state that matters here. */
const ORDERS = 400;
let on: Console;
/** One that is done, and one that waits for a person. */
let done: { _id: string; serial: string; transactions: string[] };
let waiting: { _id: string };
/** One that went into the archive. */
let archived: { _id: string };

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: ORDERS });
  const db = await connectDatabase(console.stack.urls.mongodbUri);
  const orders = collectionOf<OrderDocument>(db, 'orders');
  const [one, other, old] = await orders
    .find({ state: 'done', transactions: { $exists: true }, dueAt: { $exists: false } })
    .limit(3)
    .toArray();
  if (one === undefined || other === undefined || old === undefined)
    throw new Error('The year has no order that is done.');
  // Few in ten thousand wait for a person; one of these is made to.
  await orders.updateOne({ _id: other._id }, { $set: { state: 'attention', attention: 'grid-disagrees' } });
  const archive = new OrderArchive(db);
  await archive.prepare();
  expect(await archive.take(old, new Date())).toBe(true);
  done = { ...one, transactions: [...(one.transactions ?? [])] };
  waiting = other;
  archived = old;
  await db.close();
});
const sit = deskATest(() => on);

describe('orders at the console', () => {
  it('are found by any number, tell their story, take a note, and are taken away as a file', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/orders?lastDays=366');
    await page.locator('.el-table__row').nth(20).waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('orders');
    const transaction = (done.transactions[0] ?? '').split(':')[1] ?? '';
    for (const [number, kind] of [
      [done._id, '订单号'],
      [transaction, '渠道流水号'],
    ] as const) {
      await page.getByLabel('订单号、收据码、用户号、表号、卡号、流水号或终端').fill(number);
      await page.getByRole('button', { name: '查询' }).click();
      await at.reads(`按${kind}找到`);
      await page.getByRole('link', { name: done._id }).waitFor();
    }
    // Whom it is about is in no address.
    expect(page.url()).not.toContain(transaction);

    await page.getByRole('link', { name: done._id }).click();
    await at.reads('下单', '收到钱', '写卡完成', '元的电', '其他操作');
    // One sentence and at most one thing to do; numbers, codes and UTC only where they are asked for.
    expect(await page.locator('.diagnosis .sentence').count()).toBe(1);
    expect(await page.getByText(done.serial).isVisible()).toBe(false);
    await page.getByText('原始代码').click();
    await page.getByText(done.serial).waitFor();
    await page.getByText('原始代码').click();
    await page.locator('#order-note').fill('用户来电,已说明。');
    await page.getByRole('button', { name: '写备注' }).click();
    await page.locator('.notes').getByText('用户来电,已说明。').waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('order');

    await at.go('/orders?lastDays=366&state=done');
    await page.getByRole('button', { name: '导出', exact: true }).click();
    await page.getByText('CSV', { exact: true }).click();
    await page.getByRole('button', { name: '导出这些订单' }).click();
    await page.locator('[data-status=done]').waitFor();
    await at.shot('orders-export');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: '下载' }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
    expect(lines[0]).toContain('订单号');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.slice(1).every((line) => line.includes('已完成'))).toBe(true);
    expect(at.errors).toEqual([]);
  });

  it('are found in the archive as before, and say that they lie there', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/orders?lastDays=366');
    await page.getByLabel('订单号、收据码、用户号、表号、卡号、流水号或终端').fill(archived._id);
    await page.getByRole('button', { name: '查询' }).click();
    await page.getByRole('link', { name: archived._id }).click();
    await at.reads('已归档', '订单已结清并移入归档库', '写卡完成');
    expect(await at.barriers()).toEqual([]);
    await at.shot('order-archived');
    expect(at.errors).toEqual([]);
  });

  it('that wait are decided by two, each action explained first; searches are kept', async () => {
    const at = await sit('en');
    const { page } = at;
    await at.go('/orders?attention=true');
    await page.getByRole('button', { name: 'Save this search' }).click();
    await page.locator('#saved-name').fill('To decide');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: waiting._id }).click();
    await at.reads('the electricity company contradicts itself', 'Please treat it as sold');
    await page.locator('[data-recommended=treat-as-sold]').getByRole('button').waitFor();
    await at.shot('order-attention-first-en');
    await page.getByText('More', { exact: true }).click();
    const ask = page.locator('[data-action=query-channel]').getByRole('button');
    await ask.click();
    await at.reads('Asks the channel about each payment and refund.');
    await page.getByRole('button', { name: 'Do it' }).click();
    await page.getByRole('status').getByText('the channel says').first().waitFor();
    await at.shot('order-attention-en');
    await at.go('/orders');
    await page.locator('.saved .el-select').click();
    await page.getByRole('option', { name: 'To decide' }).click();
    await page.getByRole('link', { name: waiting._id }).waitFor();
    expect(at.errors).toEqual([]);
  });
});

describe('payments at the console', () => {
  it('show channels with the ends of their keys, transactions and what was refused', async () => {
    const at = await sit();
    const { page } = at;
    await fetch(`${on.stack.urls.webUrl}/v1/notify/wechat`, { method: 'POST', body: '{}' });
    await at.go('/payments');
    await page.locator('[data-channel=wechat]').waitFor();
    await at.reads('WECHAT_PRIVATE_KEY');
    expect(await at.barriers()).toEqual([]);
    await at.shot('payments');
    await page.getByRole('tab', { name: '交易' }).click();
    await page.locator('#pane-transactions .el-table__row').first().waitFor();
    await page.getByRole('tab', { name: '收到的通知' }).click();
    await at.reads('签名不对');
    await at.shot('payments-notifications');
    expect(at.errors).toEqual([]);
  });
});

describe('announcements at the console', () => {
  it('are made, and an administrator who saw an older one is shown the difference', async () => {
    const at = await sit();
    const { page } = at;
    await at.go('/announcements');
    await page.getByRole('button', { name: '新公告' }).click();
    await page.locator('#notice-zh').fill('今晚十点停机维护');
    const window = page.locator('.el-date-editor input');
    await window.nth(0).fill('2026-01-01 00:00:00');
    await window.nth(1).fill('2099-01-01 00:00:00');
    await window.nth(1).press('Enter');
    await page.getByRole('button', { name: '保存' }).click();
    await at.reads('今晚十点停机维护', '显示中');
    expect(await at.barriers()).toEqual([]);
    await at.shot('announcements');
    await page.getByRole('button', { name: '修改' }).click();
    await page.locator('#notice-zh').fill('我的');
    await at.page.evaluate(async () => {
      const json = async (path: string, init: RequestInit = {}) =>
        (await fetch(path, init)).json() as Promise<never>;
      const { csrf } = await json('/v1/admin/me');
      const { announcements } = (await json('/v1/admin/announcements')) as {
        announcements: Record<string, unknown>[];
      };
      const { id, texts, org, devices, from, to, version } = announcements[0] ?? {};
      await fetch(`/v1/admin/announcements/${String(id)}`, {
        method: 'PUT',
        headers: {
          ...{ 'content-type': 'application/json', 'x-csrf-token': csrf },
          'if-match': `"${String(version)}"`,
        },
        body: JSON.stringify({
          texts: { ...(texts as object), 'zh-CN': '别人的' },
          org,
          devices,
          from,
          to,
        }),
      });
    });
    await page.getByRole('button', { name: '保存' }).click();
    await at.reads('别人刚刚改过这条公告', '现在的内容: 别人的', '您写的内容: 我的');
    await page.getByRole('button', { name: '在新版本上保存我的修改' }).click();
    await page.locator('.el-table').getByText('我的').waitFor();
    expect(at.errors).toEqual([]);
  });
});
