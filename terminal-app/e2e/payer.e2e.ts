import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stack } from '../../build/dev/stack.ts';
import type { SandboxClient, WorldHousehold } from '../../build/sandbox-client.ts';
import { KioskPage } from './kiosk-page.ts';
import { PayerPage } from './payer-page.ts';
import { oneHousehold, onRealStack, pictureOfFailure } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const SOON = { timeout: 30_000, interval: 300 };

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let phone: PayerPage;

onRealStack(SHOTS, (on) => {
  ({ stack, browser, sandbox } = on);
});
beforeEach(async () => {
  phone = await PayerPage.open(browser, stack.urls.webUrl);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(phone.page, task, SHOTS);
  await phone.close();
});

async function household(): Promise<WorldHousehold> {
  return oneHousehold(sandbox, 'SLE4442');
}

/** Bound, ¥50 chosen and paid; by then the meter’s module is dead. */
async function boughtInVain(home: WorldHousehold): Promise<void> {
  await phone.press('绑定一户');
  await phone.bind(sandbox, home.customerNo);
  await phone.press('现在充值');
  await phone.reads('充多少？');
  await phone.press('50 元');
  await phone.reads('50.00 元', '去付款');
  await sandbox.link(home.meterNo, 'dead');
  await phone.pay();
}

describe("a resident's phone", () => {
  it('binds two households by their codes, masked, tops one up, and sees it reach the meter', async () => {
    const [home, other] = [await household(), await household()];
    const before = await sandbox.meter(home.meterNo);
    await phone.press('绑定一户');
    await phone.bind(sandbox, other.customerNo);
    await phone.press('回到我的家');
    await phone.press('再绑一户');
    await phone.bind(sandbox, home.customerNo);
    await phone.press('回到我的家');
    await phone.reads(
      '给哪一家充？',
      `户号 ****${home.customerNo.slice(-4)}`,
      `户号 ****${other.customerNo.slice(-4)}`,
    );
    const said = await phone.page.locator('#app').innerText();
    expect(said).not.toContain(home.customerNo);
    expect(said).not.toContain(home.customerNo.slice(0, -4));

    await phone.page.getByText(`户号 ****${home.customerNo.slice(-4)}`).click();
    await phone.reads('充多少？');
    await phone.press('50 元');
    await phone.reads('50.00 元');
    await phone.pay();
    await phone.reads('电表现在剩余 60.00 元', '50.00 元');
    await phone.page.screenshot({ path: join(SHOTS, 'payer-done.png') });
    const after = await sandbox.meter(home.meterNo);
    expect(after).toMatchObject({ balanceFen: before.balanceFen + 5000, count: before.count + 1 });
    expect(await sandbox.handFrame(home.meterNo, await sandbox.lastFrame(home.meterNo))).toMatchObject({
      creditedFen: 0,
    });
    await phone.press('看凭证');
    await phone.reads('凭证号', `****${home.customerNo.slice(-4)}`);
  });

  it('takes no code that is wrong', async () => {
    const { customerNo } = await household();
    await phone.press('绑定一户');
    await phone.page.locator('#number').fill(customerNo);
    await phone.press('发验证码');
    await phone.reads('短信里的 6 位数字是多少？');
    const code = await sandbox.textedCode(customerNo);
    await phone.page.locator('#code').fill(code === '000000' ? '000001' : '000000');
    await phone.press('绑定');
    await phone.reads('验证码不对');
  });

  it('chooses the money back when the meter will not take it', async () => {
    const home = await household();
    const before = await sandbox.meter(home.meterNo);
    await boughtInVain(home);
    await phone.reads('电表收不到');
    const orderNo = phone.orderNo();
    await phone.press('退钱');
    await phone.reads('50.00 元已经退回');
    await expect.poll(() => sandbox.paid(orderNo), SOON).toEqual({ takenFen: 5000, refundedFen: 5000 });
    expect(await sandbox.meter(home.meterNo)).toEqual(before);
  });

  it('chooses the card: a kiosk writes it without another payment, and the phone sees that', async () => {
    const home = await household();
    await boughtInVain(home);
    await phone.reads('电表收不到');
    await phone.press('写到电卡上');
    await phone.reads('请拿电卡到自助机');
    const kiosk = await KioskPage.open(browser, await stack.kioskUrl());
    await kiosk.insert(home.cardId);
    await kiosk.reads('已经付过钱');
    await kiosk.press('现在写卡');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    await kiosk.close();
    await phone.reads('已经写进电卡');
    expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({
      creditedFen: 5000,
      error: null,
    });
  });
});
