import { describe, expect, it } from 'vitest';
import { testWechatKeys } from '../../../src/testing/wechat-harness.ts';
import { createWalletSandbox } from '../sandbox.ts';
import { chinaTime } from '../time.ts';
import { refusal, walletKit } from '../wallet-kit.ts';

const kit = walletKit();
const keys = testWechatKeys();

const create = (body: Record<string, unknown>): Promise<unknown> =>
  kit.client().v3.post('v3/pay/transactions/native', body);

describe('a merchant that the wallet does not know', () => {
  it.each([
    ['a foreign merchant', { mchid: '1999999999' }],
    ['a foreign serial', { serial: 'AB12' }],
    ['a foreign key', { privateKey: keys.publicKeyMode.privateKey }],
  ])('%s is refused before anything else', async (_, overrides) => {
    const call = kit.client(overrides).v3.post('v3/pay/transactions/native', kit.native());
    expect(await refusal(call)).toEqual({ status: 401, code: 'SIGN_ERROR' });
  });

  it('an old or absent signature is refused', async () => {
    const path = '/v3/pay/transactions/out-trade-no/abcdef?mchid=1';
    expect((await fetch(kit.harness.wallet.url + path)).status).toBe(401);
    const strict = await createWalletSandbox({ keys: { wechat: keys }, wireNow: () => Date.now() + 301_000 });
    const call = kit
      .client({ baseURL: `${strict.url}/` })
      .v3.post('v3/pay/transactions/native', kit.native());
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
    expect(await refusal(create(kit.native(changes)))).toEqual({ status: 400, code: 'PARAM_ERROR' });
  });

  it('another application is refused by its own code', async () => {
    expect(await refusal(create(kit.native({ appid: 'wx0' })))).toEqual({
      status: 400,
      code: 'APPID_MCHID_NOT_MATCH',
    });
  });

  it('an expiry that has passed is refused', async () => {
    const call = create(kit.native({ time_expire: chinaTime(kit.harness.now() - 1000) }));
    expect(await refusal(call)).toEqual({ status: 400, code: 'INVALID_REQUEST' });
  });
});
