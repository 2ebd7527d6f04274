import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../build/dev/stack.ts';
import { Phone } from '../../build/journey/phone.ts';
import type { SandboxClient, WorldHousehold } from '../../build/sandbox-client.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, oneHousehold, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const SOON = { timeout: 30_000, interval: 300 };

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;

onRealStack(SHOTS, (on) => {
  ({ stack, browser, sandbox } = on);
});
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});

/** A household whose phone is bound, and what its phone shows for a kiosk. */
async function bound(): Promise<WorldHousehold & { proof: () => Promise<string> }> {
  const home = await oneHousehold(sandbox, 'SLE4442');
  const phone = await Phone.begin({ webUrl: stack.urls.webUrl });
  const id = await phone.bind(home.customerNo, (number) => sandbox.textedCode(number));
  return { ...home, proof: () => phone.proof(id) };
}

/** From the start screen to "is this your home?". */
async function toWho({ customerNo, proof }: Awaited<ReturnType<typeof bound>>): Promise<void> {
  await kiosk.press('没有带卡？用户号充值');
  await kiosk.reads('用电户号是多少？');
  await kiosk.type(customerNo);
  await kiosk.press('下一步');
  await kiosk.reads('手机上的 6 位数字是多少？', customerNo.slice(-4));
  await kiosk.type(await proof());
  await kiosk.press('确定');
  await kiosk.reads('这是您家吗？', `****${customerNo.slice(-4)}`);
}

async function toCode(home: Awaited<ReturnType<typeof bound>>): Promise<void> {
  await toWho(home);
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  await kiosk.page.locator('.qr').waitFor();
}

/** Paid; by then the meter's module is dead. */
async function toFailed(home: Awaited<ReturnType<typeof bound>>): Promise<string> {
  await toCode(home);
  await sandbox.link(home.meterNo, 'dead');
  await onPhone(await kiosk.scan(browser), 'once');
  await kiosk.reads('电表收不到', '50.00 元还在，没有丢');
  return kiosk.orderNo();
}

describe('buying at the kiosk without the card', () => {
  it('reaches the meter from afar, once, and nothing of the household is on the screen but what is masked', async () => {
    const home = await bound();
    const before = await sandbox.meter(home.meterNo);
    await toCode(home);
    expect(await kiosk.page.locator('.stage').innerText()).not.toContain(home.customerNo.slice(0, -4));
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('电表已到账', '60.00 元', `第 ${before.count + 1} 次购电`);
    await kiosk.page.screenshot({ path: join(SHOTS, 'remote-credited.png') });
    const after = await sandbox.meter(home.meterNo);
    expect(after).toMatchObject({ balanceFen: before.balanceFen + 5000, count: before.count + 1 });
    const again = await sandbox.handFrame(home.meterNo, await sandbox.lastFrame(home.meterNo));
    expect(again).toMatchObject({ creditedFen: 0, balanceFen: after.balanceFen });
    await kiosk.press('知道了');
    await kiosk.reads('请把电卡插进读卡器');
  });

  it('sells nothing for a number alone', async () => {
    const home = await bound();
    await kiosk.press('没有带卡？用户号充值');
    await kiosk.type(home.customerNo);
    await kiosk.press('下一步');
    const right = await home.proof();
    await kiosk.type(right === '000000' ? '000001' : '000000');
    await kiosk.press('确定');
    await kiosk.reads('数字不对');
    await kiosk.type(right);
    await kiosk.press('确定');
    await kiosk.reads('这是您家吗？');
    await kiosk.press('不是');
    await kiosk.reads('请把电卡插进读卡器');
  });

  it('gives the money back when the meter cannot be reached and that is chosen', async () => {
    const home = await bound();
    const before = await sandbox.meter(home.meterNo);
    const orderNo = await toFailed(home);
    await kiosk.page.screenshot({ path: join(SHOTS, 'remote-failed.png') });
    await kiosk.press('退钱');
    await kiosk.reads('50.00 元已经退回');
    await expect.poll(() => sandbox.paid(orderNo), SOON).toEqual({ takenFen: 5000, refundedFen: 5000 });
    expect(await sandbox.meter(home.meterNo)).toEqual(before);
    expect(await sandbox.meterInsert(home.meterNo, home.cardId)).toMatchObject({ creditedFen: 0 });
  });

  it('writes the card when that is chosen, without another payment', async () => {
    const home = await bound();
    const orderNo = await toFailed(home);
    await kiosk.press('写到电卡上');
    await kiosk.reads('请把这一户的电卡插进读卡器');
    await kiosk.insert(home.cardId);
    await kiosk.reads('已经付过钱');
    await kiosk.press('现在写卡');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    const inserted = await sandbox.meterInsert(home.meterNo, home.cardId);
    expect(inserted).toMatchObject({ creditedFen: 5000, error: null });
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 5000, refundedFen: 0 });
  });

  it('asks the same when the card of such an order is put in, and writes at once', async () => {
    const home = await bound();
    await toFailed(home);
    await kiosk.insert(home.cardId);
    await kiosk.reads('电表收不到');
    await kiosk.press('写到电卡上');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    const inserted = await sandbox.meterInsert(home.meterNo, home.cardId);
    expect(inserted).toMatchObject({ creditedFen: 5000, error: null });
  });
});
