import { describe, expect, it } from 'vitest';
import { brandNames } from '@bianmin/purchase/api/channels';
import { walletKit } from './wallet-kit.ts';

const kit = walletKit();

describe('the control interface', () => {
  const post = (path: string, body: unknown, type = 'application/json'): Promise<Response> =>
    fetch(kit.harness.wallet.url + path, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body: JSON.stringify(body),
    });

  it('pays, lists, sets knobs and says why it cannot', async () => {
    const { paymentNo, codeUrl } = await kit.made();
    expect((await post('/wallet/pay', { codeUrl })).status).toBe(200);
    const again = await post('/wallet/pay', { codeUrl });
    expect([again.status, await again.json()]).toMatchObject([409, { code: 'already-paid' }]);
    const listed = (await (await fetch(`${kit.harness.wallet.url}/wallet/payments`)).json()) as unknown[];
    expect(listed[0]).toMatchObject({
      outTradeNo: paymentNo,
      state: 'SUCCESS',
      totalFen: 4750,
      payable: false,
    });
    expect((await post('/wallet/faults', { outage: true })).status).toBe(200);
    await expect(kit.harness.channel.query(paymentNo)).rejects.toMatchObject({ code: 'payment.unknown' });
    expect((await post('/wallet/faults', { reset: true })).status).toBe(200);
    expect(await kit.harness.channel.query(paymentNo)).toMatchObject({ status: 'succeeded' });
  });

  it('adds up from the oldest on, in pieces', async () => {
    const [first, second] = [await kit.made(), await kit.made()];
    await post('/wallet/pay', { codeUrl: first.codeUrl, mode: 'twice' });
    const sums = async (query: string): Promise<unknown> =>
      (await fetch(`${kit.harness.wallet.url}/wallet/sums${query}`)).json();
    const transaction = { totalFen: 4750, refundedFen: 0 };
    expect(await sums('?limit=1')).toMatchObject([
      { wallet: 'wechat', outTradeNo: first.paymentNo, transactions: [transaction, transaction] },
    ]);
    expect(await sums('?from=1')).toEqual([
      { wallet: 'wechat', outTradeNo: second.paymentNo, totalFen: 4750, transactions: [] },
    ]);
    expect(await sums('?from=2')).toEqual([]);
  });

  it('puts further faults after those that are left, or in their place', async () => {
    const api = (kind: string, add = false): Promise<Response> =>
      post('/wallet/faults', { ...(add ? { add } : {}), api: [{ kind }] });
    const left = async (): Promise<unknown> =>
      ((await (await fetch(`${kit.harness.wallet.url}/wallet/faults`)).json()) as { api: unknown }).api;
    await api('error-before');
    await api('error-after', true);
    expect(await left()).toMatchObject([{ kind: 'error-before' }, { kind: 'error-after' }]);
    await api('unsigned');
    expect(await left()).toMatchObject([{ kind: 'unsigned' }]);
  });

  it('refuses what it does not know, and forms of other sites', async () => {
    const { codeUrl } = await kit.made();
    expect((await post('/wallet/pay', { codeUrl, mode: 'thrice' })).status).toBe(400);
    expect((await post('/wallet/faults', { api: [{ kind: 'none-such' }] })).status).toBe(400);
    expect((await post('/wallet/pay', { codeUrl }, 'text/plain')).status).toBe(400);
    expect((await post('/wallet/none', {})).status).toBe(404);
    expect(kit.harness.wallet.payments()[0]).toMatchObject({ state: 'NOTPAY' });
  });

  it.each(['/', '/phone', '/phone.js', '/phone.css', '/operator.js', '/operator.css'])(
    'serves %s',
    async (path) => {
      const response = await fetch(kit.harness.wallet.url + path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    },
  );

  it('says what each wallet is called', async () => {
    const names = (await (await fetch(`${kit.harness.wallet.url}/brands.json`)).json()) as object;
    expect(names).toEqual({ 'zh-CN': brandNames('zh-CN'), en: brandNames('en') });
  });
});
