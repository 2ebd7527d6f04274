import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromHex } from '@bianmin/shared/bytes/hex';
import {
  codeMaterialLength,
  codesOf,
  METER_CHIPS,
  type MeterChip,
} from '@bianmin/shared/testing/meter-files';
import { leakIn } from '@bianmin/shared/testing/secrets';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../build/dev/stack.ts';
import type { SandboxClient } from '../../build/sandbox-client.ts';
import { Encryptor } from '../../server/sandbox/grid/platform/encryptor.ts';
import { serialOf } from '../../server/sandbox/grid/world/make-household.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { isReadmeCurrent, updateReadme } from './readme-screenshot.ts';
import { eachAtKiosk, oneHousehold, onRealStack } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;
const issued: { chip: MeterChip; number: number }[] = [];

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

/** A card of this chip that may buy now, fresh for each test. */
async function household(chip: string): Promise<{ cardId: string; meterNo: string }> {
  const made = await oneHousehold(sandbox, chip);
  issued.push({ chip: chip as MeterChip, number: Number(made.customerNo.slice(-6)) });
  return made;
}

/** The codes of every memory card that was used here, as the sandbox's encryptor derives them. */
function codesUsed(): Uint8Array[] {
  const encryptor = new Encryptor();
  return issued.flatMap(({ chip, number }) => {
    const serial = fromHex(serialOf(chip, number, 1));
    return codesOf(chip, encryptor.code(serial, codeMaterialLength(chip))).map(({ code }) => code);
  });
}

async function toCode(cardId: string): Promise<void> {
  await kiosk.insert(cardId);
  await kiosk.reads('这是您的电卡吗？');
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  await kiosk.page.locator('.qr').waitFor();
}

describe.each(METER_CHIPS)('buying ¥50 with a card (%s)', (chip) => {
  it('reads, pays, writes, and the meter credits exactly 50.00 once', async () => {
    const { cardId, meterNo } = await household(chip);
    const before = await sandbox.meter(meterNo);

    await toCode(cardId);
    await kiosk.reads('还有', '大约', '度电');
    await kiosk.page.locator('.side').evaluate((side) => side.scrollTo(0, 0));
    await kiosk.page.screenshot({ path: join(SHOTS, `pay.${chip}.png`) });
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('写好了', '请拔卡，回家插进电表');
    await kiosk.page.screenshot({ path: join(SHOTS, `done.${chip}.png`) });
    await kiosk.takeOut();
    await kiosk.reads('把卡插进家里的电表');
    await kiosk.press('知道了');
    await kiosk.reads('请把电卡插进读卡器');

    const first = await sandbox.meterInsert(meterNo, cardId);
    expect(first).toMatchObject({ creditedFen: 5000, error: null });
    expect(first.balanceFen).toBe(before.balanceFen + 5000);
    expect(first.count).toBe(before.count + 1);
    const second = await sandbox.meterInsert(meterNo, cardId);
    expect(second).toMatchObject({ creditedFen: 0, balanceFen: first.balanceFen, count: first.count });
  });

  it('refuses a second purchase before the first is in the meter, before any money moves', async () => {
    const { cardId } = await household(chip);
    await toCode(cardId);
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    await kiosk.insert(cardId);
    await kiosk.reads('上次买的电还没有插到电表里', '没有扣钱');
  });
});

describe('what is kept of all this', () => {
  it('holds no code of any card: logs of every process, the terminal’s folder', async () => {
    const secrets = codesUsed().filter((code) => code.length > 2);
    expect(secrets.length).toBeGreaterThan(4);
    const names = await readdir(stack.dir, { recursive: true });
    const texts = names.filter((name) => name.endsWith('.log') || name.startsWith('kiosk'));
    expect(texts.length).toBeGreaterThan(4);
    for (const name of texts) {
      const text = await readFile(join(stack.dir, name), 'utf8').catch(() => '');
      expect(leakIn(text, secrets), name).toBeUndefined();
    }
  });
});

describe("the README's picture", () => {
  it('was taken of the screens as they are now (UPDATE_SCREENSHOTS=1 npm run e2e -- purchase takes it again)', async () => {
    if (process.env['UPDATE_SCREENSHOTS'] !== undefined) await updateReadme(join(SHOTS, 'pay.SLE4442.png'));
    expect(await isReadmeCurrent()).toBe(true);
  });
});

describe('when things go wrong at the kiosk', () => {
  it('takes the money back of a second phone that paid the same order', async () => {
    const { cardId, meterNo } = await household('SLE4442');
    await toCode(cardId);
    await onPhone(await kiosk.scan(browser), 'twice');
    await kiosk.reads('订单号');
    const orderNo = await kiosk.orderNo();
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    await expect
      .poll(() => sandbox.paid(orderNo), { timeout: 30_000, interval: 300 })
      .toEqual({ takenFen: 10_000, refundedFen: 5000 });
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000 });
  });

  it('says that nothing was charged when the phone goes away, and closes the order on "back"', async () => {
    const { cardId } = await household('SLE4442');
    await toCode(cardId);
    await onPhone(await kiosk.scan(browser), 'close');
    await kiosk.press('返回');
    await kiosk.reads('充多少？');
  });

  it('asks for the same card when it is pulled out after paying, and finishes without paying again', async () => {
    const { cardId, meterNo } = await household('SLE4442');
    const before = await sandbox.meter(meterNo);
    await toCode(cardId);
    await sandbox.readerFaults(stack.readerId, { removeAfterApdus: 4 });
    await onPhone(await kiosk.scan(browser), 'once');
    await kiosk.reads('卡被拔出来了', '钱没有丢');
    await kiosk.insert(cardId);
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    const inserted = await sandbox.meterInsert(meterNo, cardId);
    expect(inserted).toMatchObject({ creditedFen: 5000, balanceFen: before.balanceFen + 5000 });
  });

  it('goes on after the server was restarted between payment and write', async () => {
    const { cardId, meterNo } = await household('CPU');
    await toCode(cardId);
    const phone = await kiosk.scan(browser);
    await stack.kill('web');
    await onPhone(phone, 'once');
    await stack.restart('web');
    await kiosk.reads('写好了');
    await kiosk.takeOut();
    expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 5000, error: null });
  });

  it('names what is wrong with a card that is not an electricity card', async () => {
    const blank = (await sandbox.cards()).find((card) => card.noteEn === 'A blank card, never issued');
    expect(blank).toBeDefined();
    await kiosk.insert(blank?.id ?? '');
    await kiosk.reads('这不是电卡', '没有扣钱');
  });
});
