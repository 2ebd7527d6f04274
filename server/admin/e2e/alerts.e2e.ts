import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { caseIdOf } from '../../src/cases/case.ts';
import { MongoCaseStore } from '../../src/cases/case-store.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { AlertRobots } from '../../src/testing/alert-robots.ts';
import { Desk, eachAtDesk, onConsole, type Console } from './console.ts';

let on: Console;
let robots: AlertRobots;
let desk: Desk | undefined;

onConsole(async (console) => {
  on = console;
  robots = await AlertRobots.open(() => Date.now());
});
afterAll(() => robots.close());
eachAtDesk(() => desk);
beforeEach(() => {
  desk = undefined;
});

/** A difference that is not settled: the worker finds it in its next round. */
async function openCase(): Promise<void> {
  const db = await connectDatabase(on.stack.urls.mongodbUri);
  const of = { kind: 'CHANNEL_ONLY', orderNo: '260301100000000001' } as const;
  const at = new Date();
  await new MongoCaseStore(db).insert({
    ...{ ...of, _id: caseIdOf(of), key: '', facts: {}, orgPath: ['province', '653100'], status: 'open' },
    ...{ owner: null, notes: [], resolution: null, reopened: 0, version: 1, openedAt: at, updatedAt: at },
  });
  await db.close();
}

describe('alerts at the console', () => {
  it('reach a group that was tried, are acknowledged by a person, and silenced', async () => {
    desk = await Desk.open(on);
    const { page } = desk;
    await desk.logIn(on.stack);
    await desk.go('/alerts?tab=destinations');
    await page.getByRole('button', { name: '新通知对象' }).click();
    const form = page.getByRole('dialog');
    await form.getByLabel('名称').fill('值班群');
    const target = robots.target('dingtalk');
    if (target.kind === 'email') throw new Error('A robot was asked for.');
    await form.getByLabel('Webhook 地址').fill(target.url);
    await form.getByLabel('加签密钥').fill('a wrong secret');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('alerts-destination-form');
    await form.getByRole('button', { name: '保存' }).click();
    const row = page.locator('.el-table__row', { hasText: '值班群' });
    await row.getByRole('button', { name: '发送测试' }).click();
    await desk.reads('没有送达“值班群”：dingtalk-310000');
    await row.getByRole('button', { name: '修改' }).click();
    // What was typed once is nowhere to be read.
    expect(await page.content()).not.toContain('a-token-of-the-tests');
    await form.getByText('更换地址和密钥').click();
    await form.getByLabel('Webhook 地址').fill(target.url);
    await form.getByLabel('加签密钥').fill(target.secret ?? '');
    await form.getByRole('button', { name: '保存' }).click();
    await row.getByRole('button', { name: '发送测试' }).click();
    await desk.reads('测试消息已送达“值班群”');
    expect(robots.take().join()).toContain('【便民测试】');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('alerts-destinations');

    await openCase();
    await expect.poll(() => robots.take().join()).toContain('对账差异未处理');
    await desk.go('/alerts');
    const alert = page.locator('.el-table__row', { hasText: '对账差异未处理' });
    await alert.getByText('无人确认').waitFor();
    await alert.locator('.el-table__expand-icon').click();
    await desk.reads('已送达');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('alerts-open');
    await page.getByRole('button', { name: 'English' }).click();
    const english = page.locator('.el-table__row', { hasText: 'Differences not settled' });
    await english.getByText('1 difference of a reconciliation').waitFor();
    expect(await english.innerText()).not.toMatch(/\p{Script=Han}/u);
    await page.getByRole('button', { name: '中文' }).click();
    await alert.getByRole('button', { name: '确认' }).click();
    const ask = page.getByRole('dialog');
    await ask.getByLabel('备注').fill('已联系财务');
    await ask.getByRole('button', { name: '确认' }).click();
    await desk.reads('admin 已确认', '已联系财务');
    await alert.getByRole('button', { name: '静默' }).click();
    await page.getByRole('dialog').getByLabel('原因').fill('财务正在核对');
    await page.getByRole('dialog').getByRole('button', { name: '静默' }).click();
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
    await desk.shot('alerts-acknowledged');
    await desk.go('/alerts?tab=silences');
    await desk.reads('财务正在核对');
    await desk.shot('alerts-silences');
    await desk.go('/alerts?tab=limits');
    const limit = page.getByLabel('付款后多久未售电');
    await limit.fill('7');
    await limit.blur();
    await page.getByRole('button', { name: '保存' }).click();
    await expect.poll(() => page.getByRole('button', { name: '保存' }).isDisabled()).toBe(true);
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('alerts-limits');
    expect(desk.errors).toEqual([]);
  });
});
