import { randomUUID } from 'node:crypto';
import { systemClock } from '@bianmin/card/node/system-clock';
import { describe, expect, it } from 'vitest';
import { seedStack } from '../../../build/run/seed/seed-stack.ts';
import { caseIdOf } from '../../src/cases/case.ts';
import { chinaDay } from '../../src/kernel/china-time.ts';
import { connectDatabase } from '../../src/adapters/mongo/connection.ts';
import { FloatDesk } from '../../src/money/float/desk.ts';
import { FloatStore } from '../../src/money/float/float-store.ts';
import { deskATest, onConsole, type Console } from './console.ts';
import { allowAll, makeSecondPerson } from './second-person.ts';

/** A committee's float, and the terminal at its counter. */
const DRAWERS = 'tianshan-2';
const COUNTER = `t${'5'.repeat(30)}`;

let on: Console;
let day: string;
let refundable: string[];

onConsole(async (console) => {
  on = console;
  await seedStack(console.stack, { orders: 400 });
  await makeSecondPerson(console);
  await dayWithCases();
});
const sit = deskATest(() => on);

function isWholeInView(cell: Element): boolean {
  const table = cell.closest('.el-table')?.getBoundingClientRect();
  return table !== undefined && cell.getBoundingClientRect().right <= table.right + 1;
}

/** Two clerks at one counter: one has counted and is there again, the other's drawer lacks a note. */
async function workAtDrawers(): Promise<void> {
  const db = await connectDatabase(on.stack.urls.mongodbUri);
  const store = new FloatStore(db);
  await store.insert({
    ...{ _id: DRAWERS, name: '天山二社区', terminals: [COUNTER], balanceFen: 1_000_000 },
    ...{ dayLimitFen: 1_000_000, day: '', dayFen: 0, recent: [], version: 1 },
  });
  const desk = new FloatDesk({
    ...{ store, clock: systemClock, orders: { get: () => Promise.resolve(null) } },
  });
  const begin = (staff: string, number: string) =>
    desk.openShift(DRAWERS, {
      ...{ id: randomUUID(), staff, number, terminalId: COUNTER, orgPath: ['province'] },
    });
  const take = (shift: string, n: number, fen: number) =>
    desk.take(DRAWERS, {
      paymentNo: `26030110000000000${n}p1`,
      orderNo: `26030110000000000${n}`,
      fen,
      by: 'z',
      shift,
    });
  const count = (shift: string, pieces: number, leftFen: number) =>
    desk.closeShift(DRAWERS, { shift, by: 'z', count: { counted: [{ fen: 5_000, pieces }], leftFen } });
  const [first, second] = [await begin('u1', '104817'), await begin('u2', '207731')];
  await take(first.id, 1, 10_000);
  await take(first.id, 2, 5_000);
  await take(second.id, 3, 5_500);
  await count(first.id, 3, 5_000);
  await count(second.id, 1, 0);
  await begin('u1', '104817');
  await db.close();
}

/** A day on which two payments were told otherwise than the orders say, and one that is about no order. */
async function dayWithCases(): Promise<void> {
  const db = await connectDatabase(on.stack.urls.mongodbUri);
  const orders = db.collection<{ _id: string; paidFen: number }>('orders');
  // Nothing goes back of what a card may still carry.
  const inMeter = { $or: [{ 'meter.status': 'credited' }, { 'credit.status': 'credited' }] };
  const found = await orders
    .find({ state: 'done', ...inMeter })
    .sort({ _id: -1 })
    .limit(2)
    .toArray();
  refundable = found.map(({ _id }) => _id);
  const now = new Date();
  day = chinaDay(now);
  const caseOf = (kind: string, orderNo: string, facts: object) => ({
    ...{ _id: caseIdOf({ kind: kind as 'AMOUNT_DIFF', orderNo }), kind, orderNo, key: '', facts },
    ...{ status: 'open', owner: null, notes: [], resolution: null, openedAt: now, updatedAt: now },
    ...{ reopened: 0, version: 1 },
  });
  const cases = [
    ...found.map(({ _id, paidFen }) =>
      caseOf('AMOUNT_DIFF', _id, { against: 'channel', billFen: paidFen + 100, orderFen: paidFen }),
    ),
    caseOf('ACCOUNT_DIFF', day, { account: 'wechat', differenceFen: 200 }),
  ];
  await db.collection<{ _id: string }>('cases').insertMany(cases);
  await db.collection<{ _id: string }>('reconciliations').insertOne({
    ...{ _id: day, state: 'done', sources: [], counts: {}, caseIds: cases.map(({ _id }) => _id) },
    ...{ carried: [], stale: false, history: [], updatedAt: now },
  });
  await db.close();
}

describe('discounts at the console', () => {
  it('are made by two persons, run, and are ended by two', async () => {
    const at = await sit('zh-CN');
    const { page } = at;
    await at.go('/discounts');
    await at.reads('还没有优惠');
    await page.getByRole('button', { name: '新建优惠' }).click();
    await page.locator('#discount-zh').fill('社区敬老优惠');
    await page.locator('#discount-en').fill('For the elderly');
    await page.locator('#discount-ug').fill('ياشانغانلار');
    await page.getByRole('combobox', { name: '组织（含下级）' }).fill('乌鲁木齐');
    await page.getByRole('option', { name: '乌鲁木齐市' }).click();
    await page.locator('#discount-tag').fill('elderly');
    await page.locator('#discount-off').fill('20');
    await page.locator('#discount-cap').fill('30');
    await page.locator('#discount-budget').fill('50000');
    await page.locator('#discount-funder').fill('street-office');
    const window = page.getByRole('dialog').locator('.el-date-editor input');
    await window.nth(0).fill('2026-01-01 00:00:00');
    await window.nth(1).fill('2099-01-01 00:00:00');
    await window.nth(1).press('Enter');
    await page.locator('#discount-reason').fill('街道办来函');
    expect(await at.barriers()).toEqual([]);
    await at.shot('discount-make');
    await page.getByRole('button', { name: '提交复核' }).click();
    await at.reads('等待另一位同事复核', '等待复核', '出资：street-office');
    await allowAll(on);
    await page.getByRole('button', { name: '刷新' }).click();
    await at.reads('进行中', '乌鲁木齐市', '20%', '50,000.00');
    expect(await at.barriers()).toEqual([]);
    await at.shot('discounts');

    await page.getByRole('button', { name: '停止' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('经费用完');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await allowAll(on);
    await page.getByRole('button', { name: '刷新' }).click();
    await page.locator('.el-table').getByText('已停止').waitFor();

    await page.getByRole('button', { name: '登记住户' }).click();
    await page.locator('#households').fill('650100000017 elderly\n???');
    await at.reads('看不懂的行：2');
    await at.shot('discount-households');
    expect(at.errors).toEqual([]);
  });
});

describe('households from a file at the console', () => {
  const csv = (lines: readonly string[]) => ({
    ...{ name: '住户.csv', mimeType: 'text/csv' },
    buffer: Buffer.from(['\uFEFF户号,组织,标签', ...lines, ''].join('\r\n')),
  });
  const SMALL = { width: 1280, height: 800 };
  const LINES = [
    '650100000017,乌鲁木齐市,elderly',
    '650100000025,650100,elderly low-income',
    '650100000033,喀什地区,',
  ];

  it('are sent, corrected, allowed as a whole by a second person and carried out', async () => {
    const at = await sit('zh-CN');
    const { page } = at;
    await at.go('/discounts');
    await at.reads('还没有传过住户文件');
    const file = page.locator('input[type=file]');
    await file.setInputFiles(csv([...LINES, '650100000041,乌市,elderly']));
    await at.reads('有 1 行不能用', '第 5 行：', '没有这个组织');
    expect(await at.barriers()).toEqual([]);
    await at.shot('household-file-wrong');

    await file.setInputFiles(csv(LINES));
    await at.reads('已读 3 户，有错误的行 0');
    // By keys alone from here.
    await page.getByRole('button', { name: '提交复核' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('textbox').fill('五月的名单');
    await at.shot('household-file-ask');
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.el-table').getByText('等待复核').waitFor();
    await at.go('/approvals');
    await at.reads('优惠户文件', '文件的 SHA-256', '乌鲁木齐市 · 2', 'elderly · 2');
    expect(await at.barriers()).toEqual([]);
    await at.shot('household-file-inbox');
    await allowAll(on);
    await at.go('/discounts');
    await at.reads('已执行', '生效 3 户');
    expect(await at.barriers()).toEqual([]);
    await at.shot('household-file-done');
    await page.setViewportSize(SMALL);
    await at.settles();
    await at.shot('household-file-done-small');
    expect(at.errors).toEqual([]);
  });

  it('say in English, also at a smaller desk, what became of them', async () => {
    const at = await sit('en');
    const { page } = at;
    await at.go('/discounts');
    await at.reads('Carried out', 'Households set: 3');
    await page.locator('input[type=file]').setInputFiles(csv(['650100000017;650100,elderly']));
    await at.reads('Lines that cannot be taken: 1', 'Line 2:', 'not three columns');
    expect(await at.barriers()).toEqual([]);
    await at.shot('household-file-en');
    await page.setViewportSize(SMALL);
    expect(await at.barriers()).toEqual([]);
    await at.shot('household-file-en-small');
    expect(at.errors).toEqual([]);
  });
});

describe('agency fees and commissions at the console', () => {
  it('are made by two persons from tomorrow on, and ended by two', async () => {
    const at = await sit('zh-CN');
    const { page } = at;
    await at.go('/commissions');
    await at.reads('还没有规则');
    await page.getByRole('button', { name: '新建规则' }).click();
    await page.locator('#commission-each').fill('0.50');
    await page.locator('#commission-part').fill('1.25');
    await page.locator('#commission-most').fill('5');
    await page.locator('#commission-reason').fill('与社区的协议');
    expect(await at.barriers()).toEqual([]);
    await at.shot('commission-make');
    await page.getByRole('button', { name: '提交复核' }).click();
    await at.reads('等待另一位同事复核');
    await allowAll(on);
    await page.getByRole('button', { name: '刷新' }).click();
    await at.reads('未开始', '每笔 0.50 元', '面额的 1.25%', '每笔至多 5.00 元', '全部渠道');
    expect(await at.barriers()).toEqual([]);
    await at.shot('commissions');

    await page.locator('.el-table').getByRole('button', { name: '终止' }).click();
    await page.locator('#commission-end-reason').fill('协议取消');
    await at.shot('commission-end');
    await page.getByRole('button', { name: '提交复核' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await allowAll(on);
    await page.getByRole('button', { name: '刷新' }).click();
    await page.locator('.el-table').getByText('已结束').waitFor();
    expect(at.errors).toEqual([]);
  });
});

describe('months and flows of money at the console', () => {
  it('say what is in the way of closing a month, and which setting says whose hands money goes through', async () => {
    const at = await sit('en');
    await at.go('/months');
    await at.reads('Two persons close a month');
    expect(await at.barriers()).toEqual([]);
    await at.shot('months-en');
    await at.go('/money');
    await at.reads('It is not configured (setting FUND_FLOWS).');
    expect(await at.barriers()).toEqual([]);
    expect(at.errors).toEqual([]);
  });
});

describe('floats at the console', () => {
  it('are opened and topped up by two persons; a wrong top-up is undone', async () => {
    const at = await sit('en');
    const { page } = at;
    await at.go('/floats');
    await at.reads('No floats yet');
    await page.getByRole('button', { name: 'New float' }).click();
    await page.locator('#float-name').fill('天山一社区');
    await page.locator('#float-id').fill('tianshan-1');
    await page.locator('#float-limit').fill('5000');
    await page.locator('#float-reason').fill('A counter opens.');
    expect(await at.barriers()).toEqual([]);
    await at.shot('float-make-en');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await at.reads('A second person must allow it');
    await allowAll(on);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByRole('link', { name: '天山一社区' }).click();
    await page.getByRole('button', { name: 'Top up' }).click();
    await page.locator('#top-up-amount').fill('1234.50');
    await page.locator('#top-up-reference').fill('BANK-20261127-01');
    await page.locator('#top-up-reason').fill('Paid in on Friday.');
    await page.getByRole('button', { name: 'Ask for it' }).click();
    await at.reads('Waits for finance', 'Top-up 1234.50 yuan');
    await at.shot('float-asked-en');
    await allowAll(on);
    await page.getByRole('button', { name: 'Refresh' }).click();
    const entry = page.locator('.el-table__row', { hasText: 'BANK-20261127-01' });
    await entry.getByText('1,234.50').waitFor();
    expect(await at.barriers()).toEqual([]);
    await at.shot('float-en');
    await entry.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').getByRole('textbox').fill('It was for another committee.');
    await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await allowAll(on);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.locator('.el-table__row', { hasText: 'Top-up undone' }).getByText('-1,234.50').waitFor();
    expect(await entry.getByRole('button').count()).toBe(0);
    expect(at.errors).toEqual([]);
  });

  it('show whose drawer was counted, what it should have held, and who has one now', async () => {
    await workAtDrawers();
    const at = await sit('zh-CN');
    const { page } = at;
    await at.go(`/floats/${DRAWERS}`);
    const rows = page.locator('[aria-label="班次"] .el-table__row');
    await rows.nth(2).waitFor();
    const said = await rows.allInnerTexts();
    expect(said.map((each) => each.replaceAll(/\s+/gu, ' ').split(' ')[0])).toEqual([
      '104817',
      '207731',
      '104817',
    ]);
    await rows.nth(0).getByText('在班').waitFor();
    await rows.nth(1).getByText('少 5.00 元').waitFor();
    await rows.nth(2).getByText('相符').waitFor();
    await rows.nth(2).getByText('150.00').first().waitFor();
    expect(await at.barriers()).toEqual([]);
    // All of it is to be seen at a desk without scrolling aside.
    await expect.poll(() => rows.nth(2).locator('td').last().evaluate(isWholeInView)).toBe(true);
    await at.shot('float-shifts');
    await page.getByRole('combobox', { name: '哪天交班' }).fill('2020-01-01');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows.count()).toBe(1);
    expect(at.errors).toEqual([]);
  });

  it('say in English, at half the width, that nobody had a drawer', async () => {
    const at = await sit('en');
    await at.page.setViewportSize({ width: 720, height: 900 });
    await at.go(`/floats/${DRAWERS}`);
    await at.reads('104817', 'Open', '5.00 yuan too little', 'Right');
    await at.page.getByText('5.00 yuan too little').scrollIntoViewIfNeeded();
    expect(await at.barriers()).toEqual([]);
    await at.shot('float-shifts-en');
    await at.go('/floats/tianshan-1');
    await at.reads('Nobody has a shift, and nobody counted a drawer on this day.');
    expect(at.errors).toEqual([]);
  });
});

describe("a day's cases at the console", () => {
  it('of one kind are refunded at once, each by itself', async () => {
    const at = await sit('zh-CN');
    const { page } = at;
    await at.go(`/reconciliation/${day}`);
    await at.reads('先选一种类别', '账户不平');
    await page.locator('.tools .el-select').click();
    await page.getByRole('option', { name: '金额不符' }).click();
    await page.locator('.el-table__row').nth(1).waitFor();
    for (const row of [0, 1]) await page.locator('.el-table__row').nth(row).locator('.el-checkbox').click();
    expect(await at.barriers()).toEqual([]);
    await at.shot('day-cases');
    await page.getByRole('button', { name: '给选中的 2 件申请退费' }).click();
    await page.locator('#bulk-reason').fill('渠道多扣');
    await page.getByRole('dialog').getByRole('button', { name: '提交复核' }).click();
    await page.getByRole('dialog').getByText('等待另一位同事复核').waitFor();
    expect(await page.getByRole('dialog').getByText('已提交，等待复核').count()).toBe(2);
    expect(await at.barriers()).toEqual([]);
    await at.shot('bulk-refund');
    await page.getByRole('dialog').getByRole('button', { name: '关闭' }).last().click();
    await at.go('/refunds');
    for (const orderNo of refundable) await page.getByRole('link', { name: orderNo }).waitFor();
    expect(at.errors).toEqual([]);
  });
});
