import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { expectCreditedOnce, toCode, WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** AndroidKeyStore lost the box's keys: a person has new ones made, the box is accepted anew, and no money is lost. */

const SHOTS = join(import.meta.dirname, '../dist/tv-keys');
const READER = 'box-keys';
const LOST = '盒子要重新启用一次';

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
    await tv.reads(WAITS);
  },
  // A plan that was released to the box as it was is let go of soon.
  { env: { server: { LEASE_MS: '5000', SWEEP_MS: '200' } } },
);
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  await bench.sandbox.eject(READER);
});
afterAll(() => tv.close());

const shownNumber = async (): Promise<string> =>
  (await tv.page.locator('.answer').innerText()).replace(/\s/g, '');

/** OK on what is shown, and an operator accepts the box that then asks. */
async function renew(): Promise<string> {
  expect(await tv.focused()).toBe('重新启用');
  await tv.press('ok');
  await tv.reads('这个盒子还没有启用');
  const number = await shownNumber();
  expect(await bench.accept()).toBe(1);
  return number;
}

describe('a box whose keys are lost', () => {
  it('while it runs says so at the first use, and is used again under a new number', async () => {
    const home = await bench.household('SLE4442');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    box.shell.keysLost = true;
    await bench.sandbox.insert(READER, home.cardId);
    await tv.reads(LOST, '已经付的钱不会丢');
    expect(await renew()).toMatch(/^[\w-]{12}$/);
    await bench.sandbox.eject(READER);
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    const { codeUrl, orderNo } = await toCode(tv, box);
    await bench.sandbox.pay(codeUrl);
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
  });

  it('after a power cut in the middle of a write keeps its journal: the card is finished under the new keys', async () => {
    const home = await bench.household('SLE4442');
    const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
    await tv.begins();
    await bench.sandbox.insert(READER, home.cardId);
    const { codeUrl, orderNo } = await toCode(tv, box);
    await bench.sandbox.readerFaults(READER, { removeAfterApdus: 10 });
    await bench.sandbox.pay(codeUrl);
    await tv.reads('卡被拔出来了');
    box.shell.keysLost = true;
    await tv.page.reload();
    await tv.reads(LOST);
    await renew();
    await tv.reads('上次付的钱还没有写进卡里');
    await bench.sandbox.insert(READER, home.cardId);
    // The terminal that it was before may be writing still, as far as the server knows: once that is over it is written by itself.
    await tv.reads('卡先别拔');
    await tv.reads('写好了');
    await bench.sandbox.eject(READER);
    await tv.begins();
    await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
    // Nothing is left that would be asked for again.
    await tv.page.reload();
    await tv.reads(WAITS);
    expect(await tv.page.getByText('上次付的钱还没有写进卡里').count()).toBe(0);
  });
});
