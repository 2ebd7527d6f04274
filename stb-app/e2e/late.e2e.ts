import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import { SOON } from '../../terminal-app/e2e/patience.ts';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { expectCreditedOnce, FACE_FEN, toCode } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** The phone pays after the code ran out: the household is credited or gets its money back, once (docs/order.md). */

const SHOTS = join(import.meta.dirname, '../dist/tv-late');
const READER = 'box-late';
const TTL_MS = 9_000;

let bench: TvBench;
let box: BoxDouble;
let tv: TvPage;
onTvBench(
  SHOTS,
  async (on) => {
    bench = on;
    box = await bench.box(READER);
    tv = await TvPage.open(bench.browser, box.tvUrl);
    await tv.reads('这个盒子还没有启用');
    await bench.accept();
  },
  {
    env: {
      server: { PAYMENT_TTL_MS: String(TTL_MS), SWEEP_MS: '200' },
      // Late money comes when a test says so.
      wallet: { WALLET_TIME_SCALE: '7.5', WALLET_REFUND_DELAY_MS: '200', WALLET_LATE_MS: '600000' },
    },
  },
);
beforeEach(() => tv.begins());
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  await bench.sandbox.eject(READER);
});

/** Paid when the code was gone: the money is on its way still. */
async function paidLate(): Promise<{ home: WorldHousehold; orderNo: string }> {
  const home = await bench.household('SLE4442');
  await bench.sandbox.insert(READER, home.cardId);
  const { codeUrl, orderNo } = await toCode(tv, box);
  await bench.sandbox.pay(codeUrl, 'late');
  await tv.reads('付款码过期了，没有扣钱');
  expect(await bench.sandbox.paid(orderNo)).toEqual({ takenFen: 0, refundedFen: 0 });
  return { home, orderNo };
}

describe('a phone that pays after the code ran out', () => {
  it('gets its money back, once, and the next purchase is as any other', async () => {
    const { home, orderNo } = await paidLate();
    await bench.sandbox.settleLate();
    const back = { takenFen: FACE_FEN, refundedFen: FACE_FEN };
    await expect.poll(() => bench.sandbox.paid(orderNo), SOON).toEqual(back);
    // The screen no longer says that nothing was charged.
    await tv.reads('元已经退回');
    expect(await bench.sandbox.sales(home.meterNo)).toEqual([]);
    await tv.press('ok');
    await bench.sandbox.eject(READER);
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    const next = await toCode(tv, box);
    expect(next.orderNo).not.toBe(orderNo);
    await bench.sandbox.pay(next.codeUrl);
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo: next.orderNo, beforeFen: 1000 });
    expect(await bench.sandbox.paid(orderNo)).toEqual(back);
  });

  it('has bought after all where the same card was put in once more: the TV offers it unpaid', async () => {
    const { home, orderNo } = await paidLate();
    await bench.sandbox.eject(READER);
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await bench.sandbox.settleLate();
    await expect
      .poll(() => bench.sandbox.sales(home.meterNo), SOON)
      .toMatchObject([{ orderNo, status: 'sold' }]);
    await bench.sandbox.eject(READER);
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads('有 50.00 元已经付过钱，还没写进卡里');
    await tv.press('ok');
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen: 1000 });
  });
});
