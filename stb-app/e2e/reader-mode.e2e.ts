import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SOON } from '../../terminal-app/e2e/patience.ts';
import { PortalPage } from '../../terminal-app/e2e/portal-page.ts';
import { readCode } from '../../terminal-app/e2e/qr-reader.ts';
import { MIDDLEWARE } from '../portal/fakes/middleware.ts';
import site from '../portal/site.json' with { type: 'json' };
import { READER_MODE } from '../src/box/reader-mode.ts';
import { expectCreditedOnce, orderIn, WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** The portal's page alone is seen; the box's page works the reader as the shell's service loads it. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-portal');
const READER = 'box-reader-mode';

let bench: TvBench;
onTvBench(SHOTS, (on) => {
  bench = on;
});

it('buys on the portal’s page while the box’s page shows nothing', async () => {
  const box = await bench.box(READER);
  const tv = await TvPage.open(bench.browser, box.tvUrl);
  await tv.reads('这个盒子还没有启用');
  await bench.accept();
  await tv.reads(WAITS);
  await tv.close();
  const home = await bench.household('SLE4442');
  const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);

  const portal = await PortalPage.open({
    browser: bench.browser,
    webUrl: bench.stack.urls.webUrl,
    middleware: MIDDLEWARE.amt,
    installed: [site.app.package],
    query: 'entry=iptv2',
  });
  await expect.poll(() => portal.launches(), SOON).toHaveLength(1);
  const [launch] = await portal.launches();
  box.shell.intent(launch?.extras ?? {});
  const hidden = await TvPage.open(bench.browser, box.tvUrl + READER_MODE);
  await portal.reads(WAITS);

  await bench.sandbox.insert(READER, home.cardId);
  await portal.reads('这是您的电卡吗？');
  await portal.press('Enter');
  await portal.reads('充多少？');
  await portal.press('Enter');
  await portal.reads('请用手机扫码付款');
  const codeUrl = await readCode(bench.browser, portal.page);
  const orderNo = orderIn(box.shell.bodies);
  await bench.sandbox.pay(codeUrl);
  await portal.reads('写好了');
  await bench.sandbox.eject(READER);
  await portal.begins();
  await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });

  expect(await hidden.page.locator('#app').innerHTML()).toBe('');
  expect(hidden.errors).toEqual([]);
  expect(box.shell.spoken).toEqual([]);
  await portal.close();
  await hidden.close();
});
