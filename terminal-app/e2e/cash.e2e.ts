import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMINGS } from '@bianmin/purchase/purchase/timings';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { type Clerk, Committee } from './committee.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/cash');
const ENTRY = '不会用手机？付现金，请工作人员收款';
const TITLE = '谁来收现金？';
const FLOAT_FEN = 10_000_000;

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;
let committee: Committee;
let clerk: Clerk;
onRealStack(SHOTS, async (on) => {
  ({ stack, browser, sandbox } = on);
  committee = await Committee.open(stack, FLOAT_FEN);
  clerk = await committee.clerk('zhang', '274913');
});
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});

const shoot = (name: string): Promise<void> => kiosk.shots(SHOTS, name);

async function toKeys(): Promise<WorldHousehold> {
  const home = await sandbox.household('SLE4442');
  await kiosk.insert(home.cardId);
  await kiosk.press('是我的');
  await kiosk.press('50 元');
  await kiosk.page.locator('.qr').waitFor();
  await kiosk.press(ENTRY);
  await kiosk.reads(TITLE, '工号', '密码');
  return home;
}

async function toOffer(): Promise<WorldHousehold> {
  const home = await toKeys();
  await kiosk.type(clerk.staffNumber + clerk.pin);
  await kiosk.press('下一步');
  await kiosk.reads('请收现金', '50.00 元', '备付金余额', '今天还能收', '天山一社区 · zhang');
  return home;
}

/** The meter has the money once, from 10.00 to 60.00. Gives the order. */
async function writtenAndCreditedOnce({ meterNo, cardId }: WorldHousehold): Promise<string> {
  await kiosk.reads('写好了', '请拔卡，回家插进电表');
  const orderNo = await kiosk.orderNo();
  await kiosk.takeOut();
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({
    ...{ creditedFen: 5000, balanceFen: 6000, error: null },
  });
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0, balanceFen: 6000 });
  return orderNo;
}

describe('cash at the kiosk', () => {
  it('pays: staff say who they are, the card is written, the meter credits it once, and there is a receipt', async () => {
    const before = await committee.balanceFen();
    const home = await toKeys();
    await kiosk.type(clerk.staffNumber + clerk.pin);
    expect(await kiosk.page.locator('.dots .full').count()).toBe(6);
    expect(await kiosk.page.content()).not.toContain(clerk.pin);
    await shoot('keys');
    await kiosk.press('下一步');
    await kiosk.reads('请收现金', '50.00 元', '户号 ****');
    await shoot('take');
    await kiosk.press('现金已收到');
    await kiosk.reads('写好了', '现金收据');
    await kiosk.press('现金收据');
    await kiosk.reads('收到现金', '天山一社区 · zhang');
    await kiosk.page.locator('.stage').screenshot({ path: join(SHOTS, 'receipt.zh-CN.png') });
    await kiosk.press('关上');
    await shoot('done');
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await committee.takenFor(orderNo)).toEqual([5000]);
    expect(await committee.balanceFen()).toBe(before - 5000);
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 0, refundedFen: 0 });
  });

  it('says plainly that number or PIN is wrong, and goes back to a code that a phone can pay', async () => {
    const before = await committee.balanceFen();
    const home = await toKeys();
    await kiosk.type(`${clerk.staffNumber}000000`);
    await kiosk.press('下一步');
    await kiosk.reads('工号或密码不对');
    // The number stays, the PIN does not.
    await kiosk.reads(clerk.staffNumber);
    expect(await kiosk.page.locator('.dots .full').count()).toBe(0);
    await shoot('wrong');
    await kiosk.type(clerk.pin);
    await kiosk.press('下一步');
    await kiosk.reads('请收现金');
    await kiosk.press('返回');
    await kiosk.reads('请用手机扫码付款');
    await kiosk.page.locator('.qr').waitFor();
    await onPhone(await kiosk.scan(browser), 'once');
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await committee.takenFor(orderNo)).toEqual([]);
    expect(await committee.balanceFen()).toBe(before);
  });

  it('says for how long a PIN is locked', async () => {
    const other = await committee.clerk('locked-out', '381947');
    await toKeys();
    await kiosk.type(other.staffNumber);
    for (let n = 0; n < 5; n += 1) {
      await kiosk.type('000000');
      await kiosk.press('下一步');
      await kiosk.reads('工号或密码不对');
      await kiosk.page.locator('.dots .full').first().waitFor({ state: 'detached' });
    }
    await kiosk.type(other.pin);
    await kiosk.press('下一步');
    await kiosk.reads('密码错的次数太多，锁住了', '15 分钟');
    await shoot('locked');
    await kiosk.press('返回');
    await kiosk.reads('请用手机扫码付款');
  });

  it('takes no cash where a phone paid meanwhile, says so, and goes on', async () => {
    const before = await committee.balanceFen();
    const home = await sandbox.household('SLE4442');
    await kiosk.insert(home.cardId);
    await kiosk.press('是我的');
    await kiosk.press('50 元');
    const phone = await kiosk.scan(browser);
    await kiosk.press(ENTRY);
    await kiosk.type(clerk.staffNumber + clerk.pin);
    await kiosk.press('下一步');
    await kiosk.reads('请收现金');
    await onPhone(phone, 'once');
    await kiosk.reads('手机已经付过款了。不要收现金', '写好了');
    await shoot('phone-paid');
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await committee.takenFor(orderNo)).toEqual([]);
    expect(await committee.balanceFen()).toBe(before);
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 5000, refundedFen: 0 });
  });

  it('is recorded once although the server was dead for longer than six questions, and is not asked for again', async () => {
    const home = await toOffer();
    await stack.kill('web');
    await kiosk.press('现金已收到');
    await kiosk.reads('正在核对收款', '不要再收，也先不要退');
    await shoot('unsure');
    await sleep(8 * DEFAULT_TIMINGS.retryMs);
    await stack.restart('web');
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await committee.takenFor(orderNo)).toEqual([5000]);
  });

  it('is refused while the float is frozen and beyond its day, before anybody counts money', async () => {
    await toKeys();
    await committee.set({ frozen: true });
    await kiosk.type(clerk.staffNumber + clerk.pin);
    await kiosk.press('下一步');
    await kiosk.reads('备付金停用了，不能收现金');
    await shoot('frozen');
    await committee.set({ dayLimitFen: 1 });
    await kiosk.press('回到付款码');
    await kiosk.press(ENTRY);
    await kiosk.type(clerk.staffNumber + clerk.pin);
    await kiosk.press('下一步');
    await kiosk.reads('今天收的现金到上限了');
    await kiosk.press('回到付款码');
    await kiosk.page.locator('.qr').waitFor();
    await committee.set({});
  });

  it('leaves no PIN behind: not in a log of any process, not in the terminal’s folder', async () => {
    const names = await readdir(stack.dir, { recursive: true });
    const texts = names.filter((name) => name.endsWith('.log') || name.startsWith('kiosk'));
    expect(texts.length).toBeGreaterThan(4);
    for (const name of texts) {
      const text = await readFile(join(stack.dir, name), 'utf8').catch(() => '');
      expect(new RegExp(`(?<!\\d)${clerk.pin}(?!\\d)`, 'u').test(text), name).toBe(false);
    }
  });
});
