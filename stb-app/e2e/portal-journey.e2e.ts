import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SOON } from '../../terminal-app/e2e/patience.ts';
import { PortalPage } from '../../terminal-app/e2e/portal-page.ts';
import { readCode } from '../../terminal-app/e2e/qr-reader.ts';
import { MIDDLEWARE } from '../portal/fakes/middleware.ts';
import site from '../portal/site.json' with { type: 'json' };
import { expectCreditedOnce, orderIn, WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** Portal, app, card: the household stays on the portal's page, the app works the reader behind it. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-portal');
const READER = 'box-portal';

let bench: TvBench;
onTvBench(SHOTS, (on) => {
  bench = on;
});

it('buys on the portal’s page, and goes back where it came from', async () => {
  const box = await bench.box(READER);
  const tv = await TvPage.open(bench.browser, box.tvUrl);
  await tv.reads('这个盒子还没有启用');
  await bench.accept();
  await tv.reads(WAITS);
  const home = await bench.household('SLE4442');
  const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);

  const backUrl = `${bench.stack.urls.webUrl}/healthz`;
  const portal = await PortalPage.open({
    browser: bench.browser,
    webUrl: bench.stack.urls.webUrl,
    // The one that says the least; portal.e2e.ts starts the app on each.
    middleware: MIDDLEWARE.huawei,
    installed: [site.app.package],
    query: `entry=community&backurl=${encodeURIComponent(backUrl)}`,
  });
  await expect.poll(() => portal.launches(), SOON).toHaveLength(1);
  const [launch] = await portal.launches();
  expect(launch).toMatchObject({ package: site.app.package, className: site.app.className });
  // Android hands the intent to the shell, which hands it to the page that is there.
  box.shell.intent(launch?.extras ?? {});
  await portal.reads(WAITS);

  await bench.sandbox.insert(READER, home.cardId);
  await portal.reads('这是您的电卡吗？');
  await portal.press('Enter');
  await portal.reads('充多少？');
  expect(await portal.focused()).toBe('fen5000');
  await portal.press('Enter');
  await portal.reads('请用手机扫码付款', '还有');
  // Both screens have the same code.
  const codeUrl = await readCode(bench.browser, portal.page);
  expect(codeUrl).toBe(await tv.codeUrl());
  const orderNo = orderIn(box.shell.bodies);
  await bench.sandbox.pay(codeUrl);
  await portal.reads('写好了');
  await tv.reads('写好了');
  await bench.sandbox.eject(READER);
  await portal.begins();
  await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });

  await tv.press('back');
  await expect.poll(() => box.shell.left).toBe(backUrl);
  await portal.shows('over');
  await portal.press('Enter');
  await portal.page.waitForURL(backUrl);
  await portal.close();
  await tv.close();
});
