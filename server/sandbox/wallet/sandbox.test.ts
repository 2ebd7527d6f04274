import { createHash } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Formatter, Wechatpay } from 'wechatpay-axios-plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { startWechat, testWalletKeys } from '../../src/testing/wechat-harness.ts';
import type { WechatHarness } from '../../src/testing/wechat-harness.ts';
import { RETRY_SECONDS } from './constants.ts';
import { loadOrCreateWalletKeys, walletEnv } from './keys.ts';
import { createWalletSandbox } from './sandbox.ts';
import { chinaTime } from './time.ts';

const MINUTE = 60_000;
const keys = testWalletKeys();

let harness: WechatHarness;
beforeEach(async () => {
  harness = await startWechat();
});
afterEach(() => harness.close());

let counter = 0;
async function made(): Promise<{ paymentNo: string; codeUrl: string }> {
  counter += 1;
  const paymentNo = `260115100000${String(counter).padStart(6, '0')}p1`;
  const { codeUrl } = await harness.channel.create({
    paymentNo,
    amountFen: 4750,
    description: '电费 50.00 元',
    expiresAt: new Date(harness.now() + 5 * MINUTE),
    notifyUrl: harness.notifyUrl,
    terminalId: 'kiosk-1',
  });
  return { paymentNo, codeUrl };
}

/** The client library itself, for calls that the adapter has no use for yet or would never make. */
function client(overrides: Partial<ConstructorParameters<typeof Wechatpay>[0]> = {}): Wechatpay['client'] {
  const { privateKey, serial } = keys.merchant;
  return new Wechatpay({
    baseURL: `${harness.wallet.url}/`,
    mchid: keys.mchid,
    serial,
    privateKey,
    certs: { [keys.publicKeyMode.serial]: keys.publicKeyMode.trusted },
    proxy: false,
    ...overrides,
  }).client;
}

function native(changes: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return {
    appid: keys.appid,
    mchid: keys.mchid,
    description: '电费',
    out_trade_no: `260115100000${String(counter).padStart(6, '0')}p1`,
    time_expire: chinaTime(harness.now() + MINUTE),
    notify_url: harness.notifyUrl,
    amount: { total: 100, currency: 'CNY' },
    ...changes,
  };
}

interface Refused {
  status: number;
  code: string;
}

async function refusal(call: Promise<unknown>): Promise<Refused> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { response } = error as { response: { status: number; data: { code: string } } };
  return { status: response.status, code: response.data.code };
}

const create = (body: Record<string, unknown>): Promise<unknown> =>
  client().v3.post('v3/pay/transactions/native', body);

describe('a merchant that the wallet does not know', () => {
  it.each([
    ['a foreign merchant', { mchid: '1999999999' }],
    ['a foreign serial', { serial: 'AB12' }],
    ['a foreign key', { privateKey: keys.publicKeyMode.privateKey }],
  ])('%s is refused before anything else', async (_, overrides) => {
    const call = client(overrides).v3.post('v3/pay/transactions/native', native());
    expect(await refusal(call)).toEqual({ status: 401, code: 'SIGN_ERROR' });
  });

  it('an old or absent signature is refused', async () => {
    const path = '/v3/pay/transactions/out-trade-no/abcdef?mchid=1';
    expect((await fetch(harness.wallet.url + path)).status).toBe(401);
    const strict = await createWalletSandbox({ keys, wireNow: () => Date.now() + 301_000 });
    const call = client({ baseURL: `${strict.url}/` }).v3.post('v3/pay/transactions/native', native());
    expect(await refusal(call)).toEqual({ status: 401, code: 'SIGN_ERROR' });
    await strict.close();
  });
});

describe('a malformed request', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a null', { attach: null }],
    ['no description', { description: '' }],
    ['a description of 128', { description: '电'.repeat(128) }],
    ['a short number', { out_trade_no: 'abc12' }],
    ['a number with a blank', { out_trade_no: 'abc 12345' }],
    ['a number of 33', { out_trade_no: 'a'.repeat(33) }],
    ['no money', { amount: { total: 0, currency: 'CNY' } }],
    ['half a fen', { amount: { total: 1.5, currency: 'CNY' } }],
    ['another currency', { amount: { total: 1, currency: 'USD' } }],
    ['a notify_url with a query', { notify_url: 'https://example.com/n?a=1' }],
    ['a notify_url over plain http', { notify_url: 'http://example.com/n' }],
    ['a time without an offset', { time_expire: '2026-01-15T10:00:00' }],
    ['a field that does not exist', { remark: 'x' }],
  ])('%s is a PARAM_ERROR', async (_, changes) => {
    expect(await refusal(create(native(changes)))).toEqual({ status: 400, code: 'PARAM_ERROR' });
  });

  it('another application is refused by its own code', async () => {
    expect(await refusal(create(native({ appid: 'wx0' })))).toEqual({
      status: 400,
      code: 'APPID_MCHID_NOT_MATCH',
    });
  });

  it('an expiry that has passed is refused', async () => {
    const call = create(native({ time_expire: chinaTime(harness.now() - 1000) }));
    expect(await refusal(call)).toEqual({ status: 400, code: 'INVALID_REQUEST' });
  });
});

describe('a payer', () => {
  it('cannot pay what is paid, closed, expired, replaced or unknown', async () => {
    const { wallet } = harness;
    const paid = await made();
    wallet.pay(paid.codeUrl);
    expect(() => wallet.pay(paid.codeUrl)).toThrow('already-paid');
    const closed = await made();
    await harness.channel.close(closed.paymentNo);
    expect(() => wallet.pay(closed.codeUrl)).toThrow('closed');
    const expired = await made();
    await harness.advance(5 * MINUTE);
    expect(() => wallet.pay(expired.codeUrl)).toThrow('expired');
    expect(() => wallet.pay('weixin://wxpay/bizpayurl?pr=nothing')).toThrow('unknown-code');
  });

  it('who pays late is not seen until the code has expired; then the money is there, even if closed', async () => {
    const { paymentNo, codeUrl } = await made();
    const { arrivesAt } = harness.wallet.pay(codeUrl, 'late');
    expect(arrivesAt).toBeGreaterThan(harness.now() + 5 * MINUTE - 1000);
    expect(await harness.channel.query(paymentNo)).toEqual({ status: 'pending' });
    await harness.advance(5 * MINUTE);
    expect(await harness.channel.query(paymentNo)).toEqual({ status: 'closed' });
    expect(await harness.channel.close(paymentNo)).toBe('closed');
    await harness.advance(3_000);
    expect(await harness.channel.query(paymentNo)).toMatchObject({ status: 'succeeded' });
    expect(await harness.received()).toHaveLength(1);
  });

  it('can be let arrive at once', async () => {
    const { codeUrl } = await made();
    harness.wallet.pay(codeUrl, 'late');
    expect(harness.wallet.settleLate()).toHaveLength(1);
    expect(harness.wallet.settleLate()).toHaveLength(0);
  });

  it('who pays twice makes two transactions and two notifications of one number', async () => {
    const { paymentNo, codeUrl } = await made();
    const { transactionIds } = harness.wallet.pay(codeUrl, 'twice');
    expect(new Set(transactionIds).size).toBe(2);
    const received = await harness.received();
    const opened = await Promise.all(
      received.map((each) => harness.channel.parseNotification(each.headers, each.rawBody)),
    );
    expect(opened.map((each) => each.kind === 'payment' && each.paymentNo)).toEqual([paymentNo, paymentNo]);
    expect(new Set(opened.map((each) => each.id)).size).toBe(2);
  });

  it('left alone by the channel at expiry when the knob says so: NOTPAY until closed', async () => {
    harness.wallet.setFaults({ expiry: 'leave' });
    const { paymentNo, codeUrl } = await made();
    await harness.advance(6 * MINUTE);
    expect(() => harness.wallet.pay(codeUrl)).toThrow('expired');
    expect(await harness.channel.query(paymentNo)).toEqual({ status: 'pending' });
    expect(await harness.channel.close(paymentNo)).toBe('closed');
    expect(await harness.channel.query(paymentNo)).toEqual({ status: 'closed' });
  });
});

describe('notifications', () => {
  it('are retried on the real schedule until somebody acknowledges', async () => {
    harness.answerWith(500);
    const { codeUrl } = await made();
    await harness.pay(codeUrl);
    for (const [index, seconds] of RETRY_SECONDS.entries()) {
      await harness.advance(seconds * 1000 - 1);
      expect(await harness.received()).toHaveLength(index + 1);
      await harness.advance(1);
      expect(await harness.received()).toHaveLength(index + 2);
    }
    expect(harness.wallet.notifications()[0]).toMatchObject({ status: 'given-up' });
    await harness.advance(24 * 60 * MINUTE);
    expect(await harness.received()).toHaveLength(RETRY_SECONDS.length + 1);
  });

  it('are not retried after an acknowledgement, and are the same notification until then', async () => {
    harness.answerWith(503);
    harness.wallet.setFaults({ timeScale: 1000 });
    const { codeUrl } = await made();
    await harness.pay(codeUrl);
    harness.answerWith(204);
    await harness.advance(15);
    await harness.advance(24 * 60 * MINUTE);
    const [first, second, ...more] = await harness.received();
    expect(more).toHaveLength(0);
    const id = (raw: Buffer | undefined): unknown => (JSON.parse(String(raw)) as { id: unknown }).id;
    expect(id(first?.rawBody)).toBe(id(second?.rawBody));
  });

  it('can be lost, late, out of order, doubled and replayed', async () => {
    const { wallet } = harness;
    const numbers = async (): Promise<string[]> => {
      const received = await harness.received();
      const opened = await Promise.all(
        received.map((each) => harness.channel.parseNotification(each.headers, each.rawBody)),
      );
      return opened.map((each) => (each.kind === 'payment' ? each.paymentNo : each.refundNo));
    };
    const payments = [];
    for (let index = 0; index < 6; index += 1) payments.push(await made());
    const [lost, late, held, next, doubled, replayed] = payments as [
      (typeof payments)[0],
      ...typeof payments,
    ];
    wallet.setFaults({
      notify: [{ kind: 'lost' }, { kind: 'late', delayMs: 1000 }, { kind: 'out-of-order' }],
    });
    for (const each of [lost, late, held, next]) await harness.pay(each?.codeUrl ?? '');
    await harness.advance(1000);
    wallet.setFaults({ notify: [{ kind: 'duplicate' }, { kind: 'replay' }] });
    for (const each of [doubled, replayed]) await harness.pay(each?.codeUrl ?? '');
    expect(await numbers()).toEqual(
      [next, held, late, doubled, doubled, replayed, replayed].map((each) => each?.paymentNo),
    );
    const all = await harness.received();
    expect(all[3]?.headers['wechatpay-nonce']).not.toBe(all[4]?.headers['wechatpay-nonce']);
    expect(all[5]?.headers['wechatpay-signature']).toBe(all[6]?.headers['wechatpay-signature']);
  });

  it('that come out wrong once come right at the next try', async () => {
    harness.answerWith(401);
    harness.spoil('bad-signature');
    const { codeUrl, paymentNo } = await made();
    await harness.pay(codeUrl);
    harness.answerWith(200);
    await harness.advance(15_000);
    const [, second] = await harness.received();
    expect(
      await harness.channel.parseNotification(second?.headers ?? {}, second?.rawBody ?? Buffer.of()),
    ).toMatchObject({
      paymentNo,
    });
  });
});

describe('the trade bill', () => {
  it('lists yesterday’s payments and refunds in yuan, compressed, under the digest of the plain text', async () => {
    const { paymentNo, codeUrl } = await made();
    await harness.pay(codeUrl);
    await harness.channel.refund({
      paymentNo,
      refundNo: `${paymentNo}r1`,
      refundFen: 1250,
      totalFen: 4750,
      reason: '部分退回',
    });
    await made();
    const day = chinaTime(harness.now()).slice(0, 10);
    const path = `v3/bill/tradebill?bill_date=${day}&bill_type=ALL&tar_type=GZIP`;
    expect(await refusal(client().v3.get(path))).toEqual({ status: 400, code: 'INVALID_REQUEST' });
    const midnight = Date.parse(`${day}T00:00:00+08:00`) + 24 * 60 * MINUTE;
    await harness.advance(midnight + 9 * 60 * MINUTE - harness.now());
    expect(await refusal(client().v3.get(path))).toEqual({ status: 400, code: 'STATEMENT_CREATING' });
    await harness.advance(60 * MINUTE);
    const { data } = await client().v3.get<Record<'download_url' | 'hash_type' | 'hash_value', string>>(path);
    // The library knows this path as an unsigned download only without host and query.
    const download = new URL(data.download_url);
    const file = await client().v3.get<Buffer>(download.pathname, {
      params: { token: download.searchParams.get('token') },
      responseType: 'arraybuffer',
    });
    const bill = gunzipSync(file.data);
    expect(data.hash_type).toBe('SHA1');
    expect(createHash('sha1').update(bill).digest('hex')).toBe(data.hash_value);
    // The client library's own reader of bills.
    const { rows, summary } = Formatter.castCsvBill(bill) as {
      rows: Record<string, string>[];
      summary: Record<string, string>;
    };
    expect(rows).toMatchObject([
      {
        商户订单号: paymentNo,
        交易状态: 'SUCCESS',
        应结订单金额: '47.50',
        手续费: '0.28500',
        商户数据包: 'kiosk-1',
      },
      {
        商户订单号: paymentNo,
        交易状态: 'REFUND',
        商户退款单号: `${paymentNo}r1`,
        退款金额: '12.50',
        手续费: '-0.07500',
      },
    ]);
    expect(summary).toMatchObject({
      总交易单数: '2',
      应结订单总金额: '47.50',
      退款总金额: '12.50',
      手续费总金额: '0.21000',
    });
  });

  it('does not exist for a day on which nothing happened', async () => {
    const call = client().v3.get('v3/bill/tradebill?bill_date=2026-01-02&bill_type=ALL');
    expect(await refusal(call)).toEqual({ status: 400, code: 'NO_STATEMENT_EXIST' });
  });
});

describe('the control interface', () => {
  const post = (path: string, body: unknown, type = 'application/json'): Promise<Response> =>
    fetch(harness.wallet.url + path, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: JSON.stringify(body),
    });

  it('pays, lists, sets knobs and says why it cannot', async () => {
    const { paymentNo, codeUrl } = await made();
    expect((await post('/wallet/pay', { codeUrl })).status).toBe(200);
    const again = await post('/wallet/pay', { codeUrl });
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'already-paid' }]);
    const listed = (await (await fetch(`${harness.wallet.url}/wallet/payments`)).json()) as unknown[];
    expect(listed[0]).toMatchObject({
      outTradeNo: paymentNo,
      state: 'SUCCESS',
      totalFen: 4750,
      payable: false,
    });
    expect((await post('/wallet/faults', { outage: true })).status).toBe(200);
    await expect(harness.channel.query(paymentNo)).rejects.toMatchObject({ code: 'payment.unknown' });
    expect((await post('/wallet/faults', { reset: true })).status).toBe(200);
    expect(await harness.channel.query(paymentNo)).toMatchObject({ status: 'succeeded' });
  });

  it('refuses what it does not know, and forms of other sites', async () => {
    const { codeUrl } = await made();
    expect((await post('/wallet/pay', { codeUrl, mode: 'thrice' })).status).toBe(400);
    expect((await post('/wallet/faults', { api: [{ kind: 'none-such' }] })).status).toBe(400);
    expect((await post('/wallet/pay', { codeUrl }, 'text/plain')).status).toBe(400);
    expect((await post('/wallet/none', {})).status).toBe(404);
    expect(harness.wallet.payments()[0]).toMatchObject({ state: 'NOTPAY' });
  });

  it.each(['/', '/phone', '/phone.js', '/phone.css', '/operator.js', '/operator.css'])(
    'serves %s',
    async (path) => {
      const response = await fetch(harness.wallet.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    },
  );
});

describe('what stays', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wallet-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('the books outlive the process, with what was under way', async () => {
    const statePath = join(folder, 'books.json');
    const clock = new ManualClock();
    const open = (): ReturnType<typeof createWalletSandbox> =>
      createWalletSandbox({ keys, clock, statePath, ackTimeoutMs: 500 });
    const first = await open();
    const call = (url: string): Wechatpay['client'] => client({ baseURL: `${url}/` });
    const body = native({ time_expire: chinaTime(clock.now() + MINUTE) });
    const { data } = await call(first.url).v3.post<{ code_url: string }>('v3/pay/transactions/native', body);
    harness.answerWith(500);
    first.pay(data.code_url, 'late');
    await first.close();

    const second = await open();
    expect(second.payments()).toMatchObject([{ outTradeNo: body['out_trade_no'], state: 'NOTPAY' }]);
    clock.advance(2 * MINUTE);
    await second.idle();
    expect(second.payments()).toMatchObject([{ state: 'SUCCESS' }]);
    await second.close();

    harness.answerWith(200);
    const third = await open();
    await third.idle();
    expect(third.notifications()).toMatchObject([{ status: 'acknowledged' }]);
    await third.close();
    expect((await stat(statePath)).mode & 0o777).toBe(0o600);
  });

  it('keys are made once, readable by their owner only, and make an environment that works', async () => {
    const path = join(folder, 'keys');
    const made = await loadOrCreateWalletKeys(path);
    expect(await loadOrCreateWalletKeys(path)).toEqual(made);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, 'wallet-keys.json'))).mode & 0o777).toBe(0o600);
    const env = walletEnv(made, 'http://127.0.0.1:1');
    expect(env['WECHAT_BASE_URL']).toBe('http://127.0.0.1:1/');
    const trusted = JSON.parse(env['WECHAT_PLATFORM_KEYS'] ?? '') as Record<string, string>;
    expect(Object.keys(trusted).toSorted()).toEqual(
      [made.publicKeyMode.serial, made.certificateMode.serial].toSorted(),
    );
    expect(Object.values(trusted).join()).toContain('BEGIN CERTIFICATE');
    expect(Object.values(env).join()).not.toContain(made.publicKeyMode.privateKey);
  });
});
