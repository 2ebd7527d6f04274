import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { patient } from './patience.ts';
import { TcpPlug } from './printer/tcp-plug.ts';
import { VirtualPrinter } from './printer/virtual-printer.ts';
import { readCode } from './qr-reader.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/printer');
const printer = new VirtualPrinter({ dots: 576 });
const plug = new TcpPlug(printer);
await plug.plugIn();
afterAll(() => plug.pull());

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;
onRealStack(
  SHOTS,
  (on) => {
    ({ stack, browser, sandbox } = on);
  },
  { env: { kiosk: { BIANMIN_PRINTER: plug.url, BIANMIN_PRINTER_MODEL: 'generic-80' } } },
);
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});

/** A card with 50 yuan more on it; gives the order's number. */
async function buy(): Promise<{ orderNo: string; cardId: string; meterNo: string }> {
  const { cardId, meterNo } = await sandbox.household('SLE4442');
  await kiosk.insert(cardId);
  await kiosk.press('是我的');
  await kiosk.press('50 元');
  await onPhone(await kiosk.scan(browser), 'once');
  await kiosk.reads('写好了');
  await kiosk.press('拿凭证');
  await kiosk.reads('打印小票');
  const shown = await kiosk.page.locator('.stage dt:has-text("订单号") + dd').innerText();
  return { orderNo: shown.replace(/\s/g, ''), cardId, meterNo };
}

describe('a receipt', () => {
  it('is kept on the phone by the code on the screen, and printed when it is asked for', async () => {
    const { orderNo } = await buy();
    await kiosk.page.locator('.keep .qr').waitFor();
    const link = await readCode(browser, kiosk.page);
    expect(link).toMatch(/\/p\/r\/[\w-]{22}$/);
    expect(link).not.toContain(orderNo);

    const phone = patient(await browser.newPage({ viewport: { width: 390, height: 844 } }));
    await phone.goto(link);
    await phone.getByText('50.00').first().waitFor();
    expect((await phone.locator('main').innerText()).replace(/\s/g, '')).toContain(orderNo);
    for (const language of ['zh-CN', 'ug', 'en']) {
      await phone.locator('select.language').selectOption(language);
      await phone.locator('dl').waitFor();
      await phone.screenshot({ path: join(SHOTS, `phone.${language}.png`), fullPage: true });
    }
    await phone.close();

    await kiosk.press('打印小票');
    await kiosk.reads('小票打好了');
    const [paper] = printer.receipts;
    expect(paper?.text).toContain(orderNo);
    expect(paper?.text).toContain(link);
    expect(paper?.text).not.toContain('补打');
    await writeFile(join(SHOTS, 'paper.png'), paper?.canvas().toBuffer('image/png') ?? '');
    await kiosk.press('再打一张');
    await expect.poll(() => printer.receipts.at(-1)?.text).toContain('补打');
  });

  it('waits for paper, says that nothing is lost, prints by itself; the sale never knew', async () => {
    printer.loadPaper(0);
    const { orderNo, cardId, meterNo } = await buy();
    const before = printer.receipts.length;
    await kiosk.press('打印小票');
    await kiosk.reads('没有纸了，请叫工作人员换纸。钱和电都已经办好。');
    await kiosk.page.screenshot({ path: join(SHOTS, 'no-paper.png') });
    printer.loadPaper();
    await kiosk.reads('小票打好了');
    expect(printer.receipts.length).toBe(before + 1);
    expect(printer.receipts.at(-1)?.text).toContain(orderNo);
    await kiosk.press('关上');
    await kiosk.takeOut();
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
  });

  it('has no button where the printer is gone', async () => {
    await plug.pull();
    const { cardId } = await sandbox.household('SLE4442');
    await kiosk.insert(cardId);
    await kiosk.press('是我的');
    await kiosk.press('50 元');
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('写好了');
    await kiosk.press('拿凭证');
    await kiosk.page.locator('.keep .qr').waitFor();
    await kiosk.page.locator('.print').waitFor({ state: 'detached' });
    await plug.plugIn();
    await kiosk.reads('打印小票');
  });
});
