import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atPhone } from './payer-kit.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const at = atPhone(SHOTS);

describe("a resident's phone", () => {
  it('binds two households by their codes, masked, tops one up, and sees it reach the meter', async () => {
    const { sandbox, phone } = at();
    const [home, other] = [await sandbox.household('SLE4442'), await sandbox.household('SLE4442')];
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
});
