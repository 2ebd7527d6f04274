import { describe, expect, it } from 'vitest';
import { walletOf } from './which-wallet.ts';

describe("the wallet's own browser", () => {
  it.each([
    [
      'Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Mobile Safari/537.36 MicroMessenger/8.0.40',
      'wechat',
    ],
    ['Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Mobile Safari/537.36 AlipayClient/10.5.0', 'alipay'],
    ['Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Mobile Safari/537.36 Bestpay/11', 'bestpay'],
    ['Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/100 Mobile Safari/537.36', undefined],
  ])('%s', (agent, wallet) => {
    expect(walletOf(agent)).toBe(wallet);
  });
});
