import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { PayPhone } from '../../terminal-app/e2e/pay-phone.ts';
import { readCode } from '../../terminal-app/e2e/qr-reader.ts';
import { pictureOfFailure } from '../../terminal-app/e2e/real-stack.ts';
import type { BoxDouble } from '../double/server.ts';
import { expectCreditedOnce, orderIn, WAITS } from './home.ts';
import { onTvBench } from './on-tv-bench.ts';
import type { TvBench } from './tv-bench.ts';
import { TvPage } from './tv-page.ts';

/** A phone beside the television: scans, chooses, pays, and sees the card being written. The meter judges. */

const SHOTS = join(import.meta.dirname, '../dist/tv-second-screen');
const READER = 'box-second';

let bench: TvBench;
let box: BoxDouble;
let tv: TvPage;
const phones: PayPhone[] = [];
onTvBench(
  SHOTS,
  async (on) => {
    bench = on;
    box = await bench.box(READER);
    tv = await TvPage.open(bench.browser, box.tvUrl);
    await tv.reads('这个盒子还没有启用');
    await bench.accept();
  },
  { env: { server: { PAYMENT_CODE: 'any' } } },
);
afterAll(() => tv.close());
beforeEach(async () => {
  await tv.reads(WAITS);
});
afterEach(async ({ task }) => {
  await pictureOfFailure(tv.page, task, SHOTS);
  box.shell.offline = false;
  box.usb.messageMs = 0;
  await bench.sandbox.eject(READER);
  for (const phone of phones.splice(0)) {
    await pictureOfFailure(phone.page, task, join(SHOTS, 'phone'));
    await phone.page.context().close();
  }
});

/** From the card in the reader to the code for a phone, by the remote. */
async function toCode(): Promise<Awaited<ReturnType<TvBench['household']>>> {
  const home = await bench.household('SLE4442');
  await bench.sandbox.insert(READER, home.cardId);
  await tv.reads('这是您的电卡吗？');
  await tv.press('ok');
  await tv.reads('充多少？');
  await tv.choose('用手机选金额');
  await tv.reads('请用手机扫这个码');
  return home;
}

async function scan(by: 'wechat' | 'other' = 'other', locale = 'zh-CN'): Promise<PayPhone> {
  const phone = await PayPhone.open(bench.browser, { ...bench, url: await tv.codeUrl(), by, locale });
  phones.push(phone);
  return phone;
}

function shot(screen: { page: TvPage['page'] }, name: string): Promise<unknown> {
  return screen.page.screenshot({ path: join(SHOTS, `${name}.png`) });
}

it('chooses on the phone, confirms with the remote, pays on the phone, and both see the card written', async () => {
  const home = await toCode();
  const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
  // Off a picture of the screen, as a camera sees it.
  expect(await readCode(bench.browser, tv.page)).toBe(await tv.codeUrl());
  await shot(tv, 'tv-1-code');
  const phone = await scan();
  await phone.reads('充多少？');
  await tv.reads('手机连上了');
  expect(await tv.focused()).toBe('在电视上选');
  await shot(tv, 'tv-2-here');
  await shot(phone, 'phone-1-choose');
  // The secret is out of the address once it was used.
  expect(phone.page.url()).toMatch(/\/p\/#\/tv$/);
  const seen = await phone.page.locator('#app').innerText();
  expect(seen).not.toContain(home.customerNo.slice(-4));

  await phone.tap('50 元');
  await phone.reads('请在电视上按“确定”');
  await tv.reads('手机上选了这个金额，对吗？', '50 元');
  await shot(tv, 'tv-3-chosen');
  await shot(phone, 'phone-2-sure');
  // Not right: the phone chooses once more.
  await tv.choose('不对，重新选');
  await phone.reads('充多少？');
  await phone.page.locator('summary', { hasText: '其他金额' }).tap();
  await phone.page.locator('#other').fill('50');
  await phone.tap('就充这么多');
  await tv.reads('手机上选了这个金额，对吗？');
  expect(await tv.focused()).toBe('对，就充这些');
  await tv.press('ok');
  await tv.reads('请用手机扫码付款', '50.00 元');
  const orderNo = orderIn(box.shell.bodies);

  await phone.reads('可以付款了');
  await shot(phone, 'phone-3-pay');
  await phone.tap('去付款');
  await phone.reads('用微信付款');
  box.usb.messageMs = 250;
  await phone.payWith('用微信付款', 'other');
  await Promise.all([
    tv.reads('正在写卡').then(() => shot(tv, 'tv-4-writing')),
    phone.reads('正在往卡里写 50 元', '卡先不要拔').then(() => shot(phone, 'phone-4-writing')),
  ]);
  await tv.reads('写好了');
  await phone.reads('已经写进电卡', '凭证号', '订单号');
  await shot(tv, 'tv-5-done');
  await shot(phone, 'phone-5-done');
  await bench.sandbox.eject(READER);
  await tv.begins();
  // The receipt stays, and outlives a page that is loaded anew.
  await phone.page.reload();
  await phone.reads('已经写进电卡', '凭证号');
  await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
  expect(phone.errors).toEqual([]);
});

it('refuses a second phone with words, and the first goes on', async () => {
  await toCode();
  const url = await tv.codeUrl();
  const phone = await scan();
  await phone.reads('充多少？');
  const second = await PayPhone.open(bench.browser, { ...bench, url, by: 'other' });
  phones.push(second);
  await second.reads('这个码不能用了');
  await shot(second, 'phone-6-refused');
  await phone.page.reload();
  await phone.reads('充多少？');
  await tv.press('back');
  await tv.reads('充多少？');
  await phone.reads('手机这边结束了', '请在电视上接着办');
  await shot(phone, 'phone-7-over');
  // The television goes on alone.
  await tv.choose('50 元');
  await tv.reads('请用手机扫码付款', '微信、支付宝或翼支付');
  // One code for every wallet: nothing to choose.
  expect(await tv.page.locator('.wallet').count()).toBe(0);
  await tv.press('back');
  await tv.reads('充多少？');
});

it('goes on alone when the phone is lost, and the phone says so when the television is', async () => {
  const home = await toCode();
  const { balanceFen: beforeFen } = await bench.sandbox.meter(home.meterNo);
  const phone = await scan('wechat');
  await phone.reads('充多少？');
  await phone.tap('50 元');
  await tv.reads('手机上选了这个金额，对吗？');
  await tv.press('ok');
  await tv.reads('请用手机扫码付款');
  await phone.reads('可以付款了');
  const orderNo = orderIn(box.shell.bodies);
  box.shell.offline = true;
  await phone.page.getByText('电视没有联系上').waitFor();
  await phone.reads('已经付的钱不会丢');
  await shot(phone, 'phone-8-away');
  box.shell.offline = false;
  await phone.reads('可以付款了');
  await phone.page.context().close();
  phones.length = 0;
  // Another phone of the family scans the payment's code, as without all this.
  const another = await scan();
  await another.payWith('用微信付款', 'other');
  await tv.reads('写好了');
  await bench.sandbox.eject(READER);
  await expectCreditedOnce(bench.sandbox, home, { orderNo, beforeFen });
});
