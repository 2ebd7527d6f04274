import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, fails } from '../../../testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { startWechat, testWechatKeys } from '../../../testing/wechat-harness.ts';
import type { CreatePayment, PaymentHandle } from '../contract.ts';
import { createWechatChannel } from './channel.ts';

let harness: WalletHarness;
beforeEach(async () => {
  harness = await startWechat();
});
afterEach(() => harness.close());

const RETURN = 'https://example.com/p/token?from=wechat';

function request(changes: Partial<CreatePayment>): CreatePayment {
  return {
    paymentNo: '260115100000000001p1',
    amountFen: 4750,
    description: '电费 50.00 元',
    expiresAt: new Date(harness.now() + 600_000),
    notifyUrl: harness.notifyUrl,
    terminalId: 'kiosk-1',
    ...changes,
  };
}

async function inWallet(): Promise<Extract<PaymentHandle, { kind: 'invoke' }>> {
  const identity = harness.channel.payerIdentity;
  const { code } = await harness.phone.consent(identity?.consentUrl(RETURN, 's') ?? '');
  const payerId = (await identity?.payerOf(code)) ?? '';
  const handle = await harness.channel.create(request({ product: 'in-wallet', payerId }));
  if (handle.kind !== 'invoke') throw new Error('expected an invocation');
  return handle;
}

describe('a page inside WeChat', () => {
  it('gets the six parameters of getBrandWCPayRequest', async () => {
    const { method, parameters } = await inWallet();
    expect(method).toBe('wechat-jsapi');
    expect(Object.keys(parameters)).toEqual([
      'appId',
      'timeStamp',
      'nonceStr',
      'package',
      'signType',
      'paySign',
    ]);
    expect(parameters).toMatchObject({
      appId: testWechatKeys().appid,
      timeStamp: String(harness.now() / 1000),
      package: expect.stringMatching(/^prepay_id=wx\w+$/u) as string,
      signType: 'RSA',
    });
  });

  it.each([
    ['package', 'prepay_id=wx1'],
    ['nonceStr', 'another'],
    ['appId', 'wx0'],
    ['timeStamp', '1'],
    ['signType', 'MD5'],
  ])('cannot pay with another %s than was signed', async (name, value) => {
    const handle = await inWallet();
    const changed = { ...handle, parameters: { ...handle.parameters, [name]: value } };
    await expect(harness.phone.codeOf(changed)).rejects.toThrow('400');
  });

  it('cannot pay for another payer', async () => {
    const payerId = 'o'.padEnd(28, '0');
    const handle = await harness.channel.create(request({ product: 'in-wallet', payerId }));
    await expect(harness.phone.codeOf(handle)).rejects.toThrow('400');
  });

  it.each(['error-before', 'timeout-before', 'frequency-limited'] as const)(
    'whose payer cannot be learnt now (%s) may try again; the account’s secret is never told',
    async (kind) => {
      harness.wallet.setFaults({ api: [{ on: 'identity', kind }] });
      const error = await failure(harness.channel.payerIdentity?.payerOf('code') ?? Promise.resolve());
      expect(error.code).toBe('payment.unavailable');
      const env = JSON.stringify([error, error.stack, error.cause]);
      expect(env).not.toContain('secret=');
    },
  );
});

describe("a page in a phone's browser", () => {
  it('needs the address that the phone calls from', async () => {
    await fails(harness.channel.create(request({ product: 'browser' })), 'payment.refused');
  });

  it('opens WeChat for five minutes, and only from a page that is named', async () => {
    const made = request({ product: 'browser', payerIp: '2001:db8::7', returnUrl: RETURN });
    const handle = await harness.channel.create(made);
    if (handle.kind !== 'redirect') throw new Error('expected an address');
    expect(new URL(handle.url).searchParams.get('redirect_url')).toBe(RETURN);
    expect((await fetch(handle.url, { redirect: 'manual' })).status).toBe(400);
    expect(await harness.phone.codeOf(handle)).toMatch(/^weixin:/u);
    await harness.advance(301_000);
    await expect(harness.phone.codeOf(handle)).rejects.toThrow('400');
  });
});

it('a merchant without an official account has no page inside WeChat', async () => {
  const keys = testWechatKeys();
  const channel = createWechatChannel({
    baseUrl: harness.wallet.url,
    appid: keys.appid,
    mchid: keys.mchid,
    serial: keys.merchant.serial,
    privateKey: keys.merchant.privateKey,
    platformKeys: { [keys.publicKeyMode.serial]: keys.publicKeyMode.trusted },
    apiV3Key: keys.apiV3Key,
    products: ['code', 'in-wallet'],
    clock: harness.clock,
  });
  expect([...channel.products]).toEqual(['code']);
  expect(channel.payerIdentity).toBeUndefined();
  await fails(channel.create(request({ product: 'in-wallet', payerId: 'o1' })), 'payment.refused');
});
