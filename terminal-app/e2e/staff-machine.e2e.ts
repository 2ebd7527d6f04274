import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terminalReports } from '@bianmin/purchase/api/diagnostics';
import { openKiosk } from '../../build/judge/journey/kiosk.ts';
import { Desk } from '../../server/admin/e2e/console.ts';
import { atCounter, terminalList, type AtCounter } from './staff-kit.ts';

/** Staff look after the machine: how it is, and a report that the console has. */

const SHOTS = join(import.meta.dirname, '../dist/staff');

let at: AtCounter;
atCounter(SHOTS, (now) => {
  at = now;
});

/** The report as a user of the console opens it. */
async function seenAtConsole(reportNo: string): Promise<void> {
  const { stack, browser } = at;
  const desk = await Desk.open({ stack, browser });
  await desk.logIn(stack);
  await desk.go('/terminals?tab=enrolled');
  const doors = desk.page.getByRole('button', { name: '诊断报告', exact: true });
  await doors.first().waitFor();
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

describe('the machine as staff see it', () => {
  it('tells how the machine is, and sends a report that the console has', async () => {
    const { stack, sandbox, operator, clerk, kiosk, signIn, leave, shoot } = at;
    // The other terminal sends none.
    await (await openKiosk({ stack, operator, readerId: 'other-1' })).close();
    const home = await sandbox.household('SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.reads('这是您的电卡吗');
    await kiosk.takeOut();
    await kiosk.begins();
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
    const { stack, kiosk, signIn, shoot } = at;
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
});
