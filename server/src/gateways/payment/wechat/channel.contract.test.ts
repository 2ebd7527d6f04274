import { generateKeyPairSync } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { walletEnv } from '../../../../sandbox/wallet/wallets.ts';
import { configSchema } from '../../../config/config.ts';
import { paymentContract } from '../../../testing/payment-contract.ts';
import { testConfig } from '../../../testing/config.ts';
import type { WalletHarness } from '../../../testing/wallet-harness.ts';
import { startWechat, testWechatKeys } from '../../../testing/wechat-harness.ts';
import { codeUrlOf } from '../handle.ts';
import { wechatWallet } from './settings.ts';

paymentContract('WeChat Pay', startWechat);

let harness: WalletHarness | undefined;
afterEach(async () => {
  await harness?.close();
  harness = undefined;
});

it('is made from the environment that the wallet gives, and names where refunds are notified', async () => {
  harness = await startWechat();
  const wechat = configSchema.partial().parse(walletEnv({ wechat: testWechatKeys() }, harness.wallet.url));
  const given = Object.entries(wechat).filter(([name]) => name.startsWith('WECHAT_'));
  const publicUrl = new URL(harness.notifyUrl).origin;
  const config = testConfig({ ...Object.fromEntries(given), PUBLIC_URL: publicUrl });
  const channel = wechatWallet.channelFrom(config, harness.clock);
  if (channel === undefined) throw new Error('The wallet gave no whole environment.');
  const payment = {
    paymentNo: '260115100000000001p1',
    amountFen: 4750,
    description: '电费 50.00 元',
    expiresAt: new Date(harness.now() + 60_000),
    notifyUrl: 'https://example.com/never',
    terminalId: 'kiosk-1',
  };
  harness.wallet.setFaults({ notify: [{ on: 'payment', kind: 'lost' }] });
  await harness.pay(codeUrlOf(await channel.create(payment)));
  await channel.refund({
    paymentNo: payment.paymentNo,
    refundNo: `${payment.paymentNo}r1`,
    refundFen: 4750,
    totalFen: 4750,
    reason: '重复付款退回',
  });
  const received = await harness.received();
  expect(received).toHaveLength(1);
  const [notice] = received;
  expect(
    await channel.parseNotification(notice?.headers ?? {}, notice?.rawBody ?? Buffer.of()),
  ).toMatchObject({
    kind: 'refund',
    status: 'done',
  });
});

it('is not there while our key is not the one that it knows: nothing is refused for good', async () => {
  harness = await startWechat();
  const env = walletEnv({ wechat: testWechatKeys() }, harness.wallet.url);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = { WECHAT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
  const wechat = Object.entries(configSchema.partial().parse({ ...env, ...other })).filter(([name]) =>
    name.startsWith('WECHAT_'),
  );
  const channel = wechatWallet.channelFrom(testConfig(Object.fromEntries(wechat)), harness.clock);
  const refund = channel?.refund({
    ...{ paymentNo: '260115100000000001p1', refundNo: '260115100000000001p1r1' },
    ...{ refundFen: 4750, totalFen: 4750, reason: '重复付款退回' },
  });
  await expect(refund).rejects.toMatchObject({
    code: 'payment.unavailable',
    context: { channelCode: 'SIGN_ERROR' },
  });
});
