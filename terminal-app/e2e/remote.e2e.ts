import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onPhone } from './kiosk-page.ts';
import { SOON } from './patience.ts';
import { atKiosk } from './purchase-kit.ts';
import { bound, toCodeWithoutCard, type BoundHousehold } from './remote-kit.ts';

/**
 * Where the credit from afar does not go through, or it was not proved whose it is; where it does:
 * remote.short.e2e.ts.
 */

const SHOTS = join(import.meta.dirname, '../dist/journey');
const at = atKiosk(SHOTS);

/** Paid; by then the meter's module is dead. */
async function toFailed(home: BoundHousehold): Promise<string> {
  const { sandbox, kiosk, browser } = at();
  await toCodeWithoutCard(at(), home);
  await sandbox.link(home.meterNo, 'dead');
  await onPhone(await kiosk.scan(browser), 'once');
  await kiosk.reads('电表收不到', '50.00 元还在，没有丢');
  return kiosk.orderNo();
}

describe('buying at the kiosk without the card', () => {
  it('sells nothing for a number alone', async () => {
    const { kiosk } = at();
    const home = await bound(at());
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
    const { sandbox, kiosk } = at();
    const home = await bound(at());
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
    const { sandbox, kiosk } = at();
    const home = await bound(at());
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
    const { sandbox, kiosk } = at();
    const home = await bound(at());
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
