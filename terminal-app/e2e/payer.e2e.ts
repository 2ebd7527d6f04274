import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { KioskPage } from './kiosk-page.ts';
import { SOON } from './patience.ts';
import { atPhone } from './payer-kit.ts';

/** Where the phone's purchase does not go through; where it does: payer.short.e2e.ts. */

const SHOTS = join(import.meta.dirname, '../dist/journey');
const at = atPhone(SHOTS);

async function household(): Promise<WorldHousehold> {
  return at().sandbox.household('SLE4442');
}

/** Bound, ¥50 chosen and paid; by then the meter’s module is dead. */
async function boughtInVain(home: WorldHousehold): Promise<void> {
  const { sandbox, phone } = at();
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
  it('takes no code that is wrong', async () => {
    const { sandbox, phone } = at();
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
    const { sandbox, phone } = at();
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
    const { stack, browser, sandbox, phone } = at();
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
