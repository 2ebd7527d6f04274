import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, it } from 'vitest';
import { freezePages } from '../../terminal-app/e2e/frozen-pages.ts';
import { onFamilyTv, type FamilyTv } from './family-tv.ts';
import { expectCreditedOnce, toCode } from './journey-kit.ts';

/** The page's process is stopped at each step of a sale, as on a box that runs out of memory. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-journey');
/** By then after it goes on, the screen says where the sale is. */
const SEEN_MS = 10_000;

let at: FamilyTv;
onFamilyTv('box-frozen', SHOTS, (now) => {
  at = now;
});

/** Stops it for so long, while something happens elsewhere; resolves once these words are on the screen after that. */
async function frozen(ms: number, words: string, meanwhile?: () => Promise<void>): Promise<void> {
  const thaw = await freezePages(at.bench.browser);
  try {
    await meanwhile?.();
    await sleep(ms);
  } finally {
    thaw();
  }
  const { tv } = at;
  await tv.page.locator('.tv').getByText(words).first().waitFor({ timeout: SEEN_MS });
}

describe.each([5_000, 30_000])('a page that stands still for %i ms', (ms) => {
  it('asks as before where it had asked, and takes the answer', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    await bench.sandbox.insert(readerId, home.cardId);
    await tv.reads('这是您的电卡吗？');
    await frozen(ms, '这是您的电卡吗？');
    await tv.press('ok');
    await tv.reads('充多少？');
    await frozen(ms, '充多少？');
    await tv.choose('50 元');
    await tv.reads('请用手机扫码付款');
    const code = await tv.codeUrl();
    await bench.sandbox.pay(code);
    await tv.reads('写好了');
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('writes what the phone paid for meanwhile', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('CPU');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    await frozen(ms, '写好了', () => bench.sandbox.pay(code));
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });

  it('asks for the card that left meanwhile, and writes it when it is back', async () => {
    const { bench, tv, readerId } = at;
    const home = await bench.household('SLE4442');
    const before = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    const code = await toCode(at, home);
    // In the middle of the write: the page stops with what it was told of the card's first bytes.
    await bench.sandbox.readerFaults(readerId, { removeAfterApdus: 6 });
    await bench.sandbox.pay(code);
    await tv.reads('卡被拔出来了');
    await frozen(ms, '卡被拔出来了');
    await frozen(ms, '写好了', () => bench.sandbox.insert(readerId, home.cardId));
    await bench.sandbox.eject(readerId);
    await expectCreditedOnce(at, home, before.balanceFen);
  });
});
