import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

/** The page is gone in the middle of a purchase, or its host is; opened again, it shows the same purchase. */

const SHOTS = join(import.meta.dirname, '../dist/faults-page');

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

async function toCode(): Promise<WorldHousehold> {
  const home = await sandbox.household('SLE4442');
  await kiosk.insert(home.cardId);
  await kiosk.reads('这是您的电卡吗？');
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  return home;
}

async function expectDone(at: KioskPage, { cardId, meterNo }: WorldHousehold): Promise<void> {
  await at.reads('写好了');
  expect(await sandbox.paid(await at.orderNo())).toEqual({ takenFen: 5000, refundedFen: 0 });
  await at.takeOut();
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0 });
}

/** What the shell around the page does: opens it anew, by the address that the host has left. */
async function reopened(): Promise<KioskPage> {
  return KioskPage.open(browser, await stack.kioskUrl());
}

describe('a page that crashed', () => {
  it('while the code is on it shows the same code, and the purchase goes on', async () => {
    const home = await toCode();
    const codeOf = (page: KioskPage): Promise<string | null> =>
      page.page.locator('.side a.phone').getAttribute('href');
    const code = await codeOf(kiosk);
    await kiosk.crash();
    const again = await reopened();
    await again.reads('请用手机扫码付款', '50.00 元');
    expect(await codeOf(again)).toBe(code);
    await onPhone(await again.scan(browser), 'once');
    await expectDone(again, home);
    await again.close();
  });

  it('while the card is written stops nothing, and shows what is going on', async () => {
    const home = await toCode();
    const phone = await kiosk.scan(browser);
    await sandbox.readerFaults(stack.readerId, { slowMs: 150 });
    await onPhone(phone, 'once');
    await kiosk.reads('请不要拔卡');
    await kiosk.crash();
    const again = await reopened();
    await again.reads('请不要拔卡');
    await sandbox.readerFaults(stack.readerId, {});
    await expectDone(again, home);
    await again.close();
  });
});
