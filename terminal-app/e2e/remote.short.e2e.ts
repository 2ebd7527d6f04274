import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onPhone } from './kiosk-page.ts';
import { atKiosk } from './purchase-kit.ts';
import { bound, toCodeWithoutCard } from './remote-kit.ts';

const SHOTS = join(import.meta.dirname, '../dist/journey');
const at = atKiosk(SHOTS);

describe('buying at the kiosk without the card', () => {
  it('reaches the meter from afar, once, and nothing of the household is on the screen but what is masked', async () => {
    const { sandbox, kiosk, browser } = at();
    const home = await bound(at());
    const before = await sandbox.meter(home.meterNo);
    await toCodeWithoutCard(at(), home);
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
});
