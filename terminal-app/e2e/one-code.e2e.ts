import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Channel, CHANNELS } from '@bianmin/purchase/api/channels';
import type { Stack } from '../../build/run/dev/stack-contract.ts';
import { PagePhone } from '../../build/judge/journey/page-phone.ts';
import type { WorldHousehold } from '../../build/kit/sandbox-answers.ts';
import type { SandboxClient } from '../../build/kit/sandbox-client.ts';
import { type KioskPage, onPhone } from './kiosk-page.ts';
import { SOON } from './patience.ts';
import { PayPhone, type PhoneBrowser } from './pay-phone.ts';
import { readCode } from './qr-reader.ts';
import { eachAtKiosk, onRealStack, pictureOfFailure } from './real-stack.ts';

const SHOTS = join(import.meta.dirname, '../dist/one-code');
const NAMES: Readonly<Record<Channel, string>> = { wechat: '微信', alipay: '支付宝', bestpay: '翼支付' };

let stack: Stack;
let browser: Browser;
let sandbox: SandboxClient;
let kiosk: KioskPage;
const phones: PayPhone[] = [];

onRealStack(
  SHOTS,
  (on) => {
    ({ stack, browser, sandbox } = on);
  },
  { env: { server: { PAYMENT_CODE: 'any' } } },
);
eachAtKiosk({
  on: () => ({ stack, browser, sandbox }),
  shots: SHOTS,
  ready: (page) => {
    kiosk = page;
  },
});
afterEach(async ({ task }) => {
  const open = phones.splice(0);
  for (const phone of open) await pictureOfFailure(phone.page, task, SHOTS, `phone${open.indexOf(phone)}`);
  await sandbox.walletFault({ wallet: 'wechat', outage: false });
  for (const phone of open) await phone.close();
});

/** Opens what the code on the kiosk's screen says. */
async function scan(by: PhoneBrowser, url?: string): Promise<PayPhone> {
  const phone = await PayPhone.open(browser, {
    stack,
    by,
    url: url ?? (await readCode(browser, kiosk.page)),
  });
  phones.push(phone);
  return phone;
}

async function toCode({ cardId }: WorldHousehold): Promise<void> {
  await kiosk.insert(cardId);
  await kiosk.reads('这是您的电卡吗？');
  await kiosk.press('是我的');
  await kiosk.reads('充多少？');
  await kiosk.press('50 元');
  await kiosk.reads('请用手机扫码付款', '50.00 元');
  await kiosk.page.locator('.qr').waitFor();
}

/** The kiosk goes on by itself; the meter has the money once, from 10.00 to 60.00. */
async function writtenAndCreditedOnce({ meterNo, cardId }: WorldHousehold): Promise<string> {
  await kiosk.reads('写好了', '请拔卡，回家插进电表');
  const orderNo = await kiosk.orderNo();
  await kiosk.takeOut();
  expect((await sandbox.meter(meterNo)).balanceFen).toBe(1000);
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({
    creditedFen: 5000,
    balanceFen: 6000,
    error: null,
  });
  expect(await sandbox.meterInsert(meterNo, cardId)).toMatchObject({ creditedFen: 0, balanceFen: 6000 });
  return orderNo;
}

/** How each wallet itself names the way in which it was paid for this order. */
async function waysPaid(orderNo: string): Promise<string[]> {
  const response = await fetch(`${stack.urls.walletUrl}/wallet/payments`);
  const payments = (await response.json()) as {
    wallet: string;
    outTradeNo: string;
    tradeType: string;
    transactions: unknown[];
  }[];
  return payments
    .filter(({ outTradeNo, transactions }) => outTradeNo.startsWith(orderNo) && transactions.length > 0)
    .map(({ wallet, tradeType }) => `${wallet} ${tradeType}`);
}

describe('one code for every wallet', () => {
  it.each<{ by: PhoneBrowser; offers: Channel[]; with: Channel; way: string }>([
    { by: 'wechat', offers: ['wechat'], with: 'wechat', way: 'wechat JSAPI' },
    { by: 'alipay', offers: ['alipay'], with: 'alipay', way: 'alipay CREATE' },
    { by: 'bestpay', offers: ['bestpay'], with: 'bestpay', way: 'bestpay C2B' },
    { by: 'other', offers: [...CHANNELS], with: 'wechat', way: 'wechat MWEB' },
    { by: 'other', offers: [...CHANNELS], with: 'alipay', way: 'alipay WAP' },
  ])(
    'opened by $by is paid with $with ($way) and the card is written',
    async ({ by, offers, way, ...paid }) => {
      const home = await sandbox.household('SLE4442');
      await toCode(home);
      const phone = await scan(by);
      expect(phone.page.url()).toMatch(new RegExp(`^${stack.urls.webUrl}/p/[\\w-]{22}$`));
      await phone.reads('充电费', '50.00 元');
      expect(await phone.buttons()).toEqual(offers.map((channel) => `用${NAMES[channel]}付款`));
      await phone.page.screenshot({ path: join(SHOTS, `choose.${by}.png`) });
      await phone.payWith(`用${NAMES[paid.with]}付款`, by);
      await phone.reads('凭证号');
      await phone.page.screenshot({ path: join(SHOTS, `paid.${by}.${paid.with}.png`) });
      const orderNo = await writtenAndCreditedOnce(home);
      await phone.reads('已经写进电卡');
      await phone.page.screenshot({ path: join(SHOTS, `written.${by}.${paid.with}.png`) });
      expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 5000, refundedFen: 0 });
      expect(await waysPaid(orderNo)).toEqual([way]);
    },
  );

  it('says "paid" to a second phone, which cannot pay again', async () => {
    const home = await sandbox.household('SLE4442');
    await toCode(home);
    const url = await readCode(browser, kiosk.page);
    const [first, late] = [await scan('other', url), await scan('alipay', url)];
    await late.reads('50.00 元');
    await first.payWith('用微信付款', 'other');
    await late.reads('凭证号');
    const second = await scan('wechat', url);
    await second.reads('凭证号');
    for (const phone of [late, second]) expect(await phone.buttons()).toEqual([]);
    await second.page.screenshot({ path: join(SHOTS, 'second-phone.png') });
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await sandbox.paid(orderNo)).toEqual({ takenFen: 5000, refundedFen: 0 });
  });

  it('hides a wallet that does not answer, with the reason, and offers it again when it does', async () => {
    const home = await sandbox.household('SLE4442');
    await sandbox.walletFault({ wallet: 'wechat', outage: true });
    await toCode(home);
    const phone = await scan('other');
    const gone = phone.page.locator('#app').getByText('微信现在没有答复');
    for (let tries = 0; tries < 3 && !(await gone.isVisible()); tries += 1) {
      await phone.tap('用微信付款');
      await phone.reads('付款');
      await expect
        .poll(
          async () => (await gone.isVisible()) || (await phone.page.locator('.trouble').isVisible()),
          SOON,
        )
        .toBe(true);
    }
    await phone.reads('微信现在没有答复');
    expect(await phone.buttons()).toEqual(['用支付宝付款', '用翼支付付款']);
    await phone.page.screenshot({ path: join(SHOTS, 'down.png') });
    await sandbox.walletFault({ wallet: 'wechat', outage: false });
    await expect.poll(() => phone.buttons(), SOON).toContain('用微信付款');
    await phone.payWith('用微信付款', 'other');
    await writtenAndCreditedOnce(home);
  });

  it('that was given up at the kiosk says so, and takes no money', async () => {
    const home = await sandbox.household('SLE4442');
    await toCode(home);
    const url = await readCode(browser, kiosk.page);
    const phone = await scan('other', url);
    await phone.reads('50.00 元');
    await kiosk.press('返回');
    await phone.reads('没有充，也没有扣钱');
    const later = await scan('wechat', url);
    await later.reads('没有充，也没有扣钱');
    expect(await later.buttons()).toEqual([]);
  });
});

describe('a code that was not paid in time', () => {
  const TTL_MS = { short: '15000', usual: '300000' };
  beforeEach(() => stack.restart('web', { PAYMENT_TTL_MS: TTL_MS.short }));
  afterEach(() => stack.restart('web', { PAYMENT_TTL_MS: TTL_MS.usual }));

  it.each(['other', 'wechat'] as const)('says to %s where to begin again, and takes no money', async (by) => {
    const home = await sandbox.household('SLE4442');
    await toCode(home);
    const url = await readCode(browser, kiosk.page);
    const phone = await scan(by, url);
    await phone.reads('50.00 元');
    await phone.reads('请在机器上重新买一次，再扫新的码。');
    expect(await phone.buttons()).toEqual([]);
    await phone.page.screenshot({ path: join(SHOTS, `late.${by}.png`) });
    const asked = await sandbox.paymentCount();
    // Even from a page that did not look at the time.
    await expect(new PagePhone(url).choose('wechat')).rejects.toMatchObject({ code: 'order.closed' });
    const late = await scan(by, url);
    await late.reads('请在机器上重新买一次，再扫新的码。');
    expect(await sandbox.paymentCount()).toBe(asked);
  });
});

// WeChat's is what purchase.e2e.ts buys with.
describe("a wallet's own code", () => {
  it.each([
    { channel: 'alipay', way: 'alipay PRECREATE', holds: '/qr/bax' },
    { channel: 'bestpay', way: 'bestpay C2B', holds: '/mapi/qr/' },
  ] as const)('of $channel is paid by the phone that scans it', async ({ channel, way, holds }) => {
    const home = await sandbox.household('SLE4442');
    const rules = { [channel]: { weight: 1, minFen: 1, maxFen: 100_000 } };
    await stack.restart('web', { PAYMENT_CODE: 'channel', CHANNEL_RULES: JSON.stringify(rules) });
    await toCode(home);
    expect(await readCode(browser, kiosk.page)).toContain(holds);
    await onPhone(await kiosk.scan(browser), 'once');
    const orderNo = await writtenAndCreditedOnce(home);
    expect(await waysPaid(orderNo)).toEqual([way]);
  });
});
