import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Wechatpay } from 'wechatpay-axios-plugin';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { testWechatKeys } from '../../src/testing/wechat-harness.ts';
import { loadOrCreateWalletKeys, walletEnv } from './wallets.ts';
import { createWalletSandbox } from './sandbox.ts';
import { chinaTime } from './time.ts';
import { MINUTE, walletKit } from './wallet-kit.ts';

const kit = walletKit();
const keys = { wechat: testWechatKeys() };

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
      createWalletSandbox({ keys, clock, statePath });
    const first = await open();
    const call = (url: string): Wechatpay['client'] => kit.client({ baseURL: `${url}/` });
    const body = kit.native({ time_expire: chinaTime(clock.now() + MINUTE) });
    const { data } = await call(first.url).v3.post<{ code_url: string }>('v3/pay/transactions/native', body);
    kit.harness.answerWith(500);
    first.pay(data.code_url, 'late');
    await first.close();

    const second = await open();
    expect(second.payments()).toMatchObject([{ outTradeNo: body['out_trade_no'], state: 'NOTPAY' }]);
    clock.jump(2 * MINUTE);
    await second.idle();
    expect(second.payments()).toMatchObject([{ state: 'SUCCESS' }]);
    await second.close();

    kit.harness.answerWith('accepted');
    const third = await open();
    await third.idle();
    expect(third.notifications()).toMatchObject([{ status: 'acknowledged' }]);
    await third.close();
    expect((await stat(statePath)).mode & 0o777).toBe(0o600);
  });

  it('a wallet that keeps at once loses nothing that anybody heard of where it is killed', async () => {
    const statePath = join(folder, 'books.json');
    const clock = new ManualClock();
    const open = (): ReturnType<typeof createWalletSandbox> =>
      createWalletSandbox({ keys, clock, statePath, keepAtOnce: true });
    const killed = await open();
    const body = kit.native({ time_expire: chinaTime(clock.now() + MINUTE) });
    const client = kit.client({ baseURL: `${killed.url}/` });
    const { data } = await client.v3.post<{ code_url: string }>('v3/pay/transactions/native', body);
    const { transactionIds } = killed.pay(data.code_url);
    // Not closed: what is in the file now is all that a killed one leaves.
    const second = await open();
    expect(second.payments()).toMatchObject([
      { outTradeNo: body['out_trade_no'], state: 'SUCCESS', transactions: [{ id: transactionIds[0] }] },
    ]);
    await second.close();
    await killed.close();
  });

  it('keys are made once, readable by their owner only, and make an environment that works', async () => {
    const path = join(folder, 'keys');
    const all = await loadOrCreateWalletKeys(path);
    expect(await loadOrCreateWalletKeys(path)).toEqual(all);
    const made = all.wechat;
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(path, 'wallet-keys.json'))).mode & 0o777).toBe(0o600);
    const env = walletEnv(all, 'http://127.0.0.1:1');
    expect(env['WECHAT_BASE_URL']).toBe('http://127.0.0.1:1/');
    const trusted = JSON.parse(env['WECHAT_PLATFORM_KEYS'] ?? '') as Record<string, string>;
    expect(Object.keys(trusted).toSorted()).toEqual(
      [made.publicKeyMode.serial, made.certificateMode.serial].toSorted(),
    );
    expect(Object.values(trusted).join()).toContain('BEGIN CERTIFICATE');
    expect(Object.values(env).join()).not.toContain(made.publicKeyMode.privateKey);
  });
});
