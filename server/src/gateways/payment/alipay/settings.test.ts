import { afterEach, expect, describe, it } from 'vitest';
import { alipayEnv } from '../../../../sandbox/wallet/alipay/keys.ts';
import { configSchema } from '../../../config/config.ts';
import type { Config } from '../../../config/config.ts';
import { startAlipay, testAlipayKeys } from '../../../testing/alipay-harness.ts';
import { testConfig } from '../../../testing/config.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { alipayWallet } from './settings.ts';

const clock = { now: () => Date.UTC(2026, 0, 15, 2) };
let harness: WalletHarness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

/** The server's configuration with the sandbox's environment, less what is named. */
function configWithout(names: readonly string[], url?: string): Config {
  const env = Object.entries(alipayEnv(testAlipayKeys(), url)).filter(([name]) => !names.includes(name));
  const given = configSchema.partial().parse(Object.fromEntries(env));
  return testConfig(Object.fromEntries(Object.entries(given).filter(([name]) => name.startsWith('ALIPAY_'))));
}

const CERTIFICATES = ['ALIPAY_APP_CERT', 'ALIPAY_ROOT_CERT', 'ALIPAY_CERT'];
const ALL = ['ALIPAY_APP_ID', 'ALIPAY_SELLER_ID', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY', ...CERTIFICATES];

describe('Alipay by the environment', () => {
  it.each<[string, string[]]>([
    ['both modes', []],
    ['public-key mode', CERTIFICATES],
  ])('in %s speaks to the wallet that gave it', async (_, without) => {
    harness = await startAlipay();
    const channel = alipayWallet.channelFrom(configWithout(without, harness.wallet.url), harness.clock);
    expect([...(channel?.products ?? [])]).toEqual(['code', 'in-wallet', 'browser']);
    expect(await channel?.query('260115100000999999p1')).toMatchObject({ status: 'not-found' });
  });

  it('in certificate mode alone believes certificates only', async () => {
    harness = await startAlipay();
    const channel = alipayWallet.channelFrom(
      configWithout(['ALIPAY_PUBLIC_KEY'], harness.wallet.url),
      harness.clock,
    );
    await expect(channel?.query('260115100000999999p1')).rejects.toThrow(/did not sign/);
    harness.rotateKey();
    expect(await channel?.query('260115100000999999p1')).toMatchObject({ status: 'not-found' });
  });

  it('is not there without its variables, and can do codes only where nothing else is said', () => {
    expect(alipayWallet.channelFrom(configWithout(ALL), clock)).toBeUndefined();
    const channel = alipayWallet.channelFrom(configWithout(['ALIPAY_PRODUCTS']), clock);
    expect([...(channel?.products ?? [])]).toEqual(['code']);
  });

  it.each<[string, string[], RegExp]>([
    ['a key to sign with', ['ALIPAY_PRIVATE_KEY'], /ALIPAY_PRIVATE_KEY/],
    ['whose it is', ALL.slice(0, 3), /ALIPAY_APP_ID/],
    ['one certificate', ['ALIPAY_ROOT_CERT'], /ALIPAY_ROOT_CERT/],
    ['any key of Alipay', ['ALIPAY_PUBLIC_KEY', ...CERTIFICATES], /ALIPAY_PUBLIC_KEY/],
  ])('without %s stops the server, which names variables and no value', (_, without, named) => {
    const open = (): unknown => alipayWallet.channelFrom(configWithout(without), clock);
    expect(open).toThrow(named);
    expect(open).toThrow(/^(?!.*BEGIN)/s);
  });
});
