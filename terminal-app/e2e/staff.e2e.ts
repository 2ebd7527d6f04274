import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { adminOrder } from '@bianmin/shared/api/admin-orders';
import { adminTerminal } from '@bianmin/shared/api/admin-terminals';
import { terminalReports } from '@bianmin/shared/api/diagnostics';
import { orgView } from '@bianmin/shared/api/org';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { toCode } from '../../build/judge/journey/drive.ts';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import { Operator } from '../../build/run/dev/operator.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { Desk } from '../../server/admin/e2e/console.ts';
import { type Clerk, Committee } from './committee.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, oneHousehold, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/staff');
const FACE_FEN = 5000;

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;
let operator: Operator;
let clerk: Clerk;
onRealStack(
  SHOTS,
  async (on) => {
    ({ stack, browser, sandbox } = on);
    const committee = await Committee.open(stack, 10_000_000);
    clerk = await committee.clerk('zhang', '274913');
    operator = await Operator.login(stack);
  },
  // A sale that the grid never heard of is given up soon.
  { env: { server: { LEASE_MS: '2000', GRID_TIMEOUT_MS: '3000', GRID_HORIZON_MS: '500' } } },
);
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});

const terminalList = z.object({ terminals: z.array(adminTerminal) });

/** Every terminal that there is stands in one community from now on. */
async function oneCommunity(): Promise<void> {
  const body = { parent: '650100', names: { 'zh-CN': '天山一社区', en: 'Tianshan 1' } };
  const { id } = await operator.call({ path: '/v1/admin/orgs', method: 'POST', body }, orgView);
  const { terminals } = await operator.call({ path: '/v1/admin/terminals' }, terminalList);
  for (const terminal of terminals) {
    const path = `/v1/admin/terminals/${terminal.id}/community`;
    await operator.call({ path, method: 'PUT', body: { community: id } }, adminTerminal);
  }
}

/** Bought and paid at another kiosk, and the card pulled while it was written. Gives the order. */
async function tornElsewhere(home: WorldHousehold): Promise<string> {
  const other = await openKiosk({ stack, operator, readerId: 'other-1' });
  await oneCommunity();
  await sandbox.insert(other.readerId, home.cardId);
  const { orderNo, codeUrl } = await toCode(other.patron, FACE_FEN);
  await sandbox.readerFaults(other.readerId, { removeAfterApdus: 2 });
  await sandbox.pay(codeUrl);
  await other.patron.until('pulled');
  await other.close();
  return orderNo;
}

/** By the keyboard alone. */
async function signIn(pin = clerk.pin): Promise<void> {
  await kiosk.page.keyboard.press('F9');
  await kiosk.reads('工作人员登录');
  await kiosk.page.keyboard.type(clerk.staffNumber + pin);
  await kiosk.page.keyboard.press('Enter');
}

async function leave(): Promise<void> {
  await kiosk.page.keyboard.press('Escape');
  await kiosk.reads('请把电卡插进读卡器');
}

const shoot = (name: string): Promise<void> => kiosk.shots(SHOTS, name);

/** The report as a user of the console opens it. */
async function seenAtConsole(reportNo: string): Promise<void> {
  const desk = await Desk.open({ stack, browser });
  await desk.logIn(stack);
  await desk.go('/terminals');
  const doors = desk.page.getByRole('button', { name: '诊断报告', exact: true });
  await doors.first().waitFor();
  // The other terminal has sent none.
  for (let n = (await doors.count()) - 1; n >= 0; n -= 1) {
    await doors.nth(n).click();
    await desk.settles();
    if ((await desk.page.getByText(reportNo).count()) > 0) break;
    await desk.page.getByRole('button', { name: '关闭', exact: true }).click();
  }
  await desk.reads(reportNo);
  await desk.page.locator('.el-table__expand-icon').first().click();
  await desk.reads('读卡器', '时钟差（秒）');
  expect(await desk.barriers()).toEqual([]);
  await desk.page.screenshot({ path: join(SHOTS, 'console.png') });
  expect(desk.errors).toEqual([]);
  await desk.close();
}

/** The console's lists while a household's cash waits. */
async function waitsAtConsole(orderNo: string): Promise<void> {
  const desk = await Desk.open({ stack, browser });
  await desk.logIn(stack);
  await desk.go('/refunds');
  await desk.page.locator('.tools .el-select').click();
  await desk.page.getByRole('option', { name: '现金待用户领取' }).click();
  await desk.page.getByRole('link', { name: orderNo }).waitFor();
  expect(await desk.barriers()).toEqual([]);
  await desk.page.screenshot({ path: join(SHOTS, 'console-waits.png') });
  await desk.go(`/orders/${orderNo}`);
  await desk.reads('现金待用户领取');
  expect(desk.errors).toEqual([]);
  await desk.close();
}

/** And once it was handed out. */
async function handedOutAtConsole(orderNo: string): Promise<void> {
  const desk = await Desk.open({ stack, browser });
  await desk.logIn(stack);
  await desk.go(`/orders/${orderNo}`);
  await desk.reads(`现金由 ${clerk.staffNumber} 付给用户，收据号 000117`, '现金已付给用户');
  expect(await desk.barriers()).toEqual([]);
  await desk.page.screenshot({ path: join(SHOTS, 'console-order.png'), fullPage: true });
  await desk.go('/floats');
  await desk.reads('待领现金');
  expect(await desk.barriers()).toEqual([]);
  await desk.page.screenshot({ path: join(SHOTS, 'console-floats.png') });
  await desk.go('/floats/tianshan-1');
  await desk.reads('收据号 000117，50.00 元');
  expect(await desk.barriers()).toEqual([]);
  await desk.page.screenshot({ path: join(SHOTS, 'console-float.png'), fullPage: true });
  expect(desk.errors).toEqual([]);
  await desk.close();
}

const row = (orderNo: string) => kiosk.page.locator(`[data-order="${orderNo}"]`);

describe('staff mode', () => {
  it('is entered by number and PIN, and left with nothing on the screen', async () => {
    await signIn('000000');
    await kiosk.reads('工号或密码不对');
    expect(await kiosk.page.locator('.dots .full').count()).toBe(0);
    await kiosk.page.keyboard.type(clerk.pin);
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads('zhang 在用', '还没有单子');
    expect(await kiosk.page.content()).not.toContain(clerk.pin);
    // A reload keeps it: the host has the ticket.
    await kiosk.page.reload();
    await kiosk.reads('zhang 在用');
    await kiosk.page.keyboard.press('F3');
    await kiosk.reads('备付金余额', '我今天没有收过现金');
    await shoot('cash-none');
    await leave();
  });

  it('shows the order just made and the card that lost its write, finds it by its receipt, and writes it', async () => {
    const torn = await oneHousehold(sandbox, 'SLE4442');
    const tornNo = await tornElsewhere(torn);
    const home = await oneHousehold(sandbox, 'SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.press('是我的');
    await kiosk.press('50 元');
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('写好了');
    const doneNo = await kiosk.orderNo();
    await kiosk.leaveDone();

    await signIn();
    await row(doneNo).waitFor();
    await row(tornNo).waitFor();
    await kiosk.reads('办完了', '本社区的单子');
    await shoot('recent');
    await kiosk.page.keyboard.press('F2');
    await row(tornNo).waitFor();
    expect(await row(doneNo).count()).toBe(0);
    await shoot('unfinished');
    // Another terminal's turn to write ends by itself.
    await expect
      .poll(
        async () => {
          await kiosk.page.keyboard.press('F2');
          await kiosk.page.locator('.order').waitFor();
          return kiosk.page.getByText('钱已经付了，电还没写到卡上').count();
        },
        { interval: 1_000 },
      )
      .toBe(1);
    const code = await kiosk.page.locator('.order dd', { hasText: /^\S{4}-\S{4}-\S{4}-\S{4}$/u }).innerText();
    await kiosk.page.keyboard.press('F1');
    await row(doneNo).waitFor();
    // A scanner types wherever the focus is, and ends with Enter.
    await kiosk.page.locator('.tabs button').last().focus();
    await kiosk.page.keyboard.type(code, { delay: 2 });
    await kiosk.page.keyboard.press('Enter');
    await kiosk.reads(`找：${code}`);
    await row(tornNo).waitFor();
    expect(await kiosk.page.locator('[data-order]').count()).toBe(1);
    await shoot('found');

    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('请插这户的电卡');
    await shoot('expecting');
    await kiosk.insert(torn.cardId);
    await kiosk.press('现在写卡');
    await kiosk.reads('写好了');
    expect(await kiosk.orderNo()).toBe(tornNo);
    await kiosk.takeOut();
    await kiosk.press('知道了');
    // Back where it began, and it is done.
    await kiosk.reads('zhang 在用', `找：${tornNo}`, '卡已经写好');
    expect(await sandbox.meterInsert(torn.meterNo, torn.cardId)).toMatchObject({ creditedFen: FACE_FEN });
    expect(await sandbox.paid(tornNo)).toEqual({ takenFen: FACE_FEN, refundedFen: 0 });
    await kiosk.page.keyboard.press('Escape');
    await kiosk.page.keyboard.press('F2');
    await kiosk.reads('没有没办完的单子');
    await leave();
  });

  it('hands out the cash of a household that had left when its sale came to nothing', async () => {
    const home = await oneHousehold(sandbox, 'SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.press('是我的');
    await kiosk.press('50 元');
    await kiosk.page.locator('.qr').waitFor();
    await kiosk.press('不会用手机？付现金，请工作人员收款');
    await kiosk.type(clerk.staffNumber + clerk.pin);
    await kiosk.press('下一步');
    await kiosk.reads('请收现金');
    await sandbox.gridFault({ operation: 'sell', fault: 'before' });
    await kiosk.press('现金已收到');
    await kiosk.reads('电力公司还没有答复');
    const orderNo = await kiosk.orderNo();
    await kiosk.takeOut();
    await kiosk.begins();
    const refunds = async () =>
      (await operator.call({ path: `/v1/admin/orders/${orderNo}` }, adminOrder)).refunds;
    await expect.poll(async () => (await refunds()).map(({ handOut }) => handOut?.status)).toEqual(['owed']);

    // Its card says so wherever it is put in.
    await kiosk.insert(home.cardId);
    await kiosk.reads('这是您的电卡吗', '有 50.00 元现金退给您');
    await shoot('cash-waits');
    await kiosk.takeOut();
    await kiosk.begins();

    await waitsAtConsole(orderNo);
    await signIn();
    await kiosk.reads('zhang 在用');
    await kiosk.page.keyboard.press('F3');
    await kiosk.reads('住户还没领的退款现金');
    await shoot('cash-waiting');
    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('付给住户 50.00 元', '没有充成');
    await kiosk.page.keyboard.type('000117');
    await shoot('hand-out');
    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('先记下来，再付钱');
    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('已经记下。现在请付给住户 50.00 元', clerk.staffNumber);
    await shoot('handed-out');
    expect(await refunds()).toMatchObject([
      { status: 'done', handOut: { status: 'handed-out', staff: clerk.staffNumber, slip: '000117' } },
    ]);
    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('没有等着领的退款现金');
    await kiosk.page.keyboard.press('Escape');
    await kiosk.reads('我今天付出的退款');
    await leave();
    await handedOutAtConsole(orderNo);
  });

  it('tells how the machine is, and sends a report that the console has', async () => {
    await signIn();
    await kiosk.reads('zhang 在用');
    await kiosk.page.keyboard.press('F4');
    await kiosk.reads('读卡器', '没有插卡', '上次读的卡：SLE4442', '最近的故障');
    await shoot('machine');
    await kiosk.page.keyboard.press('F8');
    await kiosk.reads('发出去了');
    const reportNo = (await kiosk.page.locator('.report .no').innerText()).replace(/\D/gu, '');
    await shoot('sent');
    const { terminals } = await operator.call({ path: '/v1/admin/terminals' }, terminalList);
    const reports = await Promise.all(
      terminals.map(({ id }) =>
        operator.call({ path: `/v1/admin/terminals/${id}/reports` }, terminalReports),
      ),
    );
    const sent = reports.flatMap((each) => each.reports).filter((each) => each.reportNo === reportNo);
    expect(sent).toMatchObject([
      { report: { server: { link: 'online' }, screen: { name: 'wait' }, journal: { undelivered: 0 } } },
    ]);
    expect(JSON.stringify(sent)).not.toContain(clerk.pin);
    await seenAtConsole(reportNo);
    await leave();
  });

  it('without the server lets no staff in, and shows how the machine is', async () => {
    await stack.kill('web');
    await signIn();
    await kiosk.reads('网络断了。请过一会儿再试');
    await kiosk.press('机器状态');
    await kiosk.reads('断了', '最后一次连通', '最近的故障');
    expect(await kiosk.page.getByText('发送诊断报告').count()).toBe(0);
    await shoot('machine-away');
    await stack.restart('web');
    await kiosk.page.keyboard.press('Escape');
    await kiosk.page.keyboard.press('Escape');
    await kiosk.reads('请把电卡插进读卡器');
  });

  it('gives way to a card that was not expected, and is over then', async () => {
    await signIn();
    await kiosk.reads('zhang 在用');
    const home = await oneHousehold(sandbox, 'SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.reads('这是您的电卡吗');
    await kiosk.takeOut();
    await kiosk.reads('请把电卡插进读卡器');
    expect(await kiosk.page.getByText('zhang 在用').count()).toBe(0);
  });
});
