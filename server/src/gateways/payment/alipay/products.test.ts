import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alipayAt, startAlipay, testAlipayKeys } from '../../../testing/alipay-harness.ts';
import { fails } from '../../../testing/payment-contract/kit.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import type { CreatePayment, PaymentHandle } from '../contract.ts';
import { createAlipayChannel } from './channel.ts';

let harness: WalletHarness;
beforeEach(async () => {
  harness = await startAlipay();
});
afterEach(() => harness.close());

const RETURN = 'https://example.com/p/token';

function request(changes: Partial<CreatePayment> = {}): CreatePayment {
  return {
    paymentNo: '260115100000000001p1',
    amountFen: 4750,
    description: '电费 50.00 元/月=1&2',
    expiresAt: new Date(harness.now() + 300_000),
    notifyUrl: harness.notifyUrl,
    terminalId: 'kiosk-1',
    ...changes,
  };
}

/** Who a phone is at Alipay, by way of the consent page. */
async function payer(): Promise<{ code: string; id: string }> {
  const { payerIdentity } = harness.channel;
  const consent = await fetch(payerIdentity?.consentUrl(RETURN, 'state 1') ?? '', { redirect: 'manual' });
  const back = new URL(consent.headers.get('location') ?? '');
  expect(back.origin + back.pathname).toBe(RETURN);
  expect(back.searchParams.get('state')).toBe('state 1');
  const code = back.searchParams.get('auth_code') ?? '';
  return { code, id: (await payerIdentity?.payerOf(code)) ?? '' };
}

function tradeNoOf(handle: PaymentHandle): string {
  if (handle.kind !== 'invoke') throw new Error('expected an invocation');
  expect(handle.method).toBe('alipay-trade');
  return handle.parameters['tradeNO'] ?? '';
}

const inWallet = (tradeNo: string): string => `alipays://platformapi/startapp?tradeNO=${tradeNo}`;

describe('a page inside Alipay', () => {
  it('gets a trade for the payer who consented, known at once, and the same one when asked again', async () => {
    const { id } = await payer();
    const made = request({ product: 'in-wallet', payerId: id });
    const tradeNo = tradeNoOf(await harness.channel.create(made));
    expect(await harness.channel.query(made.paymentNo)).toEqual({ status: 'pending' });
    expect(tradeNoOf(await harness.channel.create(made))).toBe(tradeNo);
    await harness.pay(inWallet(tradeNo));
    expect(await harness.channel.query(made.paymentNo)).toMatchObject({
      status: 'succeeded',
      transactionId: tradeNo,
      amountFen: 4750,
    });
  });

  it('is refused without a payer, and for another payer than the trade’s', async () => {
    const made = request({ product: 'in-wallet' });
    await fails(harness.channel.create(made), 'payment.refused');
    await harness.channel.create({ ...made, payerId: '2088000000000001' });
    await fails(harness.channel.create({ ...made, payerId: '2088000000000002' }), 'payment.refused');
  });

  it('learns a payer once from a code, and not from one that is none', async () => {
    const { code } = await payer();
    await fails(harness.channel.payerIdentity?.payerOf(code) ?? Promise.resolve(), 'payment.refused');
    await fails(harness.channel.payerIdentity?.payerOf('none') ?? Promise.resolve(), 'payment.refused');
  });
});

describe('a page in a phone’s browser', () => {
  it('goes to Alipay by a signed address; the trade begins when that is opened', async () => {
    const made = request({ product: 'browser', returnUrl: RETURN });
    const handle = await harness.channel.create(made);
    if (handle.kind !== 'redirect') throw new Error('expected a redirect');
    expect(await harness.channel.query(made.paymentNo)).toMatchObject({ status: 'not-found' });
    const opened = await fetch(handle.url, { redirect: 'manual' });
    const cashier = new URL(opened.headers.get('location') ?? '', harness.wallet.url);
    expect(cashier.pathname).toBe('/alipay/cashier');
    expect(cashier.searchParams.get('return_url')).toBe(RETURN);
    expect(await harness.channel.query(made.paymentNo)).toEqual({ status: 'pending' });
    await harness.pay(cashier.searchParams.get('code_url') ?? '');
    expect(await harness.channel.query(made.paymentNo)).toMatchObject({ status: 'succeeded' });
  });

  it('an address that was changed on the way is refused by Alipay', async () => {
    const handle = await harness.channel.create(request({ product: 'browser' }));
    if (handle.kind !== 'redirect') throw new Error('expected a redirect');
    const cheaper = handle.url.replace('47.50', '00.01');
    expect(cheaper).not.toBe(handle.url);
    expect((await fetch(cheaper, { redirect: 'manual' })).status).toBe(400);
  });
});

it('a product that the contract with Alipay does not allow is refused before a call', async () => {
  const codesOnly = alipayAt('http://127.0.0.1:1', harness, { products: ['code'] });
  await fails(codesOnly.create(request({ product: 'browser' })), 'payment.refused');
});

describe('keys', () => {
  const bare = (pem: string): string => pem.replace(/-----[^-]+-----|\s/gu, '');
  const known = testAlipayKeys();

  it('may be bare base64, as Alipay’s tool and console show them', async () => {
    const channel = alipayAt(harness.wallet.url, harness, {
      privateKey: bare(known.app.privateKey),
      publicKey: bare(known.publicKeyMode.publicKey),
    });
    expect(await channel.query('260115100000999999p1')).toMatchObject({ status: 'not-found' });
  });

  it('that Alipay does not know make the channel unavailable: nothing was done', async () => {
    const stranger = alipayAt(harness.wallet.url, harness, {
      privateKey: known.certificateMode.privateKey,
    });
    await fails(stranger.create(request()), 'payment.unavailable');
    const nobody = alipayAt(harness.wallet.url, harness, { appId: '2021000000000000' });
    await fails(nobody.create(request()), 'payment.unavailable');
  });

  it('of the mode that is not configured are not believed', async () => {
    const { publicKeyMode } = known;
    const channel = createAlipayChannel({
      ...{ gateway: `${harness.wallet.url}/gateway.do`, consentUrl: harness.wallet.url },
      ...{ appId: known.appId, sellerId: known.sellerId, privateKey: known.app.privateKey },
      publicKey: publicKeyMode.publicKey,
      products: ['code'],
      clock: harness.clock,
    });
    expect(await channel.query('260115100000999999p1')).toMatchObject({ status: 'not-found' });
    harness.rotateKey();
    await fails(channel.query('260115100000999999p1'), 'payment.unknown');
  });
});
