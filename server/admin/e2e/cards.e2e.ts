import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CardDesk } from '../../../terminal-app/e2e/card-desk.ts';
import { KioskPage, onPhone } from '../../../terminal-app/e2e/kiosk-page.ts';
import type { SandboxClient } from '../../../build/kit/sandbox-client.ts';
import { onRealStack } from '../../../terminal-app/e2e/real-stack.ts';
import { leaseOver } from '../../../terminal-app/e2e/lease-over.ts';
import { Desk, eachAtDesk, SHOTS, type Console } from './console.ts';

let on: Console;
let sandbox: SandboxClient;
let terminalId: string;
let desk: Desk | undefined;
let kiosk: KioskPage;

onRealStack(SHOTS, async (real) => {
  on = real;
  ({ sandbox } = real);
  const cards = new CardDesk(real.stack);
  await cards.login(real.stack.adminPassword);
  terminalId = await cards.kioskId();
});
eachAtDesk(() => desk);
beforeEach(async () => {
  desk = undefined;
  kiosk = await KioskPage.open(on.browser, await on.stack.kioskUrl());
  await kiosk.begins();
});
afterEach(async () => {
  await sandbox.readerFaults(on.stack.readerId, {});
  await sandbox.eject(on.stack.readerId);
  await kiosk.close();
});

/** Bought at the kiosk, paid, and pulled out in the middle of the write. */
async function tornPurchase(): Promise<{ cardId: string; meterNo: string; orderNo: string }> {
  const [home] = await sandbox.households(1, 'SLE4442');
  const { cardId, meterNo } = home ?? { cardId: '', meterNo: '' };
  await kiosk.insert(cardId);
  await kiosk.press('是我的');
  await kiosk.press('50 元');
  await kiosk.reads('还有');
  await sandbox.readerFaults(on.stack.readerId, { removeAfterApdus: 4 });
  await onPhone(await kiosk.scan(on.browser), 'once');
  await kiosk.reads('卡被拔出来了', '订单号');
  const orderNo = await kiosk.orderNo();
  await sandbox.readerFaults(on.stack.readerId, {});
  await leaseOver(on.stack, orderNo);
  return { cardId, meterNo: meterNo ?? '', orderNo };
}

/** As a payer complains in WeChat. */
async function complain(orderNo: string, text: string): Promise<void> {
  const answer = await fetch(`${on.stack.urls.walletUrl}/wallet/complaints`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outTradeNo: `${orderNo}p1`, text }),
  });
  expect(answer.status).toBeLessThan(300);
}

describe('a card that lost its write', () => {
  it("is complained about, answered, and written again from the order's page", async () => {
    const { cardId, meterNo, orderNo } = await tornPurchase();
    await complain(orderNo, '钱付了，电没有到。');
    desk = await Desk.open(on, 'zh-CN');
    await desk.logIn(on.stack);
    const { page } = desk;
    await desk.go('/complaints');
    const link = page.locator('.el-table__row', { hasText: orderNo }).getByRole('link').first();
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: '刷新' }).click();
          return link.count();
        },
        { interval: 500 },
      )
      .toBe(1);
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('complaints');
    await link.click();
    await desk.reads('钱付了，电没有到。', '还没有答复');
    await page.locator('#complaint-reply').fill('请到原终端，我们帮您补写，不会再扣钱。');
    await page.getByRole('button', { name: '发送答复' }).click();
    await desk.reads('请到原终端，我们帮您补写');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('complaint');

    await page.getByRole('link', { name: orderNo }).first().click();
    await page.locator('[data-action=rewrite]').getByRole('button').click();
    await page.getByRole('dialog').getByRole('combobox').click();
    await page.getByRole('option', { name: terminalId.slice(0, 8) }).click();
    await page.locator('#session-reason').fill('电表说写卡不完整');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('rewrite-ask');
    await page.getByRole('button', { name: '请终端旁的人同意' }).click();
    await desk.reads('等待同意', '请求远程操作电卡');

    // Asking waits until no household is being served; the machine's power goes, and with it that visit.
    await on.stack.kill('kiosk');
    await on.stack.restart('kiosk');
    await kiosk.reads('请求远程操作电卡');
    await kiosk.press('同意');
    await kiosk.reads('正在远程操作电卡');
    await kiosk.insert(cardId);
    await page.getByRole('button', { name: '认卡' }).click();
    await page.getByRole('button', { name: '读整张卡' }).click();
    await page.getByText('允许用掉卡密码的最后一次机会').waitFor();
    await desk.reads('第 2 步读到的内容');
    expect(await desk.barriers()).toEqual([]);
    await desk.shot('card-session');
    await page.getByRole('button', { name: '写卡', exact: true }).click();
    await desk.reads('写好了');
    await page.getByRole('button', { name: '做完了' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '确定' }).click();
    await page.locator('.tools').getByText('已做完').waitFor();
    await desk.shot('card-session-ended');
    await kiosk.takeOut();
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
    expect(desk.errors).toEqual([]);
  });
});
