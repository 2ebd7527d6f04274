import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { MeterChip } from '@bianmin/card/testing/meter-files';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { eachAtKiosk, onRealStack } from './real-stack.ts';

/** A kiosk's page, a person in front of it, and all around it. */
export interface AtKiosk {
  readonly stack: Stack;
  readonly browser: Browser;
  readonly sandbox: SandboxClient;
  readonly kiosk: KioskPage;
}

/** Each test of a file is one person at a kiosk that waits for a card. */
export function atKiosk(shots: string): () => AtKiosk {
  let on: Omit<AtKiosk, 'kiosk'> | undefined;
  let kiosk: KioskPage | undefined;
  const begun = (): Omit<AtKiosk, 'kiosk'> => {
    if (on === undefined) throw new Error('No stack has been started.');
    return on;
  };
  onRealStack(shots, (real) => {
    on = real;
  });
  eachAtKiosk({
    on: begun,
    shots,
    ready: (page) => {
      kiosk = page;
    },
  });
  return () => {
    if (kiosk === undefined) throw new Error('Nobody is at a kiosk yet.');
    return { ...begun(), kiosk };
  };
}

/** From the card in the reader to the code for ¥50. */
export async function toCode(kiosk: KioskPage, cardId: string): Promise<void> {
  await kiosk.insert(cardId);
  await kiosk.reads('这是您的电卡吗？');
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  await kiosk.page.locator('.qr').waitFor();
}

/** What holds for a card of each chip; `household` gives one that may buy now. */
export function buying(
  chips: readonly MeterChip[],
  of: { at: () => AtKiosk; shots: string; household?: (chip: MeterChip) => Promise<WorldHousehold> },
): void {
  const { at, shots, household = (chip) => at().sandbox.household(chip) } = of;
  describe.each(chips)('buying ¥50 with a card (%s)', (chip) => {
    it('reads, pays, writes, and the meter credits exactly 50.00 once', async () => {
      const { sandbox, kiosk, browser } = at();
      const { cardId, meterNo } = await household(chip);
      const before = await sandbox.meter(meterNo);

      await toCode(kiosk, cardId);
      await kiosk.reads('还有', '大约', '度电');
      await kiosk.page.locator('.side').evaluate((side) => side.scrollTo(0, 0));
      await kiosk.page.screenshot({ path: join(shots, `pay.${chip}.png`) });
      await onPhone(await kiosk.scan(browser), 'once');
      await kiosk.reads('写好了', '请拔卡，回家插进电表');
      await kiosk.page.screenshot({ path: join(shots, `done.${chip}.png`) });
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
      const { kiosk, browser } = at();
      const { cardId } = await household(chip);
      await toCode(kiosk, cardId);
      await onPhone(await kiosk.scan(browser), 'once');
      await kiosk.reads('写好了');
      await kiosk.takeOut();
      await kiosk.insert(cardId);
      await kiosk.reads('50.00 元在卡上，还没到电表', '还没有插过');
    });
  });
}
