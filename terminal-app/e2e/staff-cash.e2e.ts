import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adminOrder } from '@bianmin/purchase/api/admin-orders';
import { Desk } from '../../server/admin/e2e/console.ts';
import { atCounter, type AtCounter } from './staff-kit.ts';

/** Cash that staff give back to a household, at the kiosk and as the console tells of it. */

const SHOTS = join(import.meta.dirname, '../dist/staff');

let at: AtCounter;
atCounter(SHOTS, (now) => {
  at = now;
});

/** The console's lists while a household's cash waits. */
async function waitsAtConsole(orderNo: string): Promise<void> {
  const { stack, browser } = at;
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
  const { stack, browser, clerk } = at;
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

describe('cash that waits for a household', () => {
  it('is handed out where the household had left when its sale came to nothing', async () => {
    const { sandbox, operator, clerk, kiosk, signIn, leave, shoot } = at;
    const home = await sandbox.household('SLE4442');
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
});
