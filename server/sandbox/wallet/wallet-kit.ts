import { Wechatpay } from 'wechatpay-axios-plugin';
import { afterEach, beforeEach } from 'vitest';
import { codeUrlOf } from '../../src/gateways/payment/handle.ts';
import { startWechat, testWechatKeys } from '../../src/testing/wechat-harness.ts';
import type { WalletHarness } from '../../src/testing/wallet-harness.ts';
import { chinaTime } from './time.ts';

export const MINUTE = 60_000;

/** What the wallet's tests share: a wallet, an adapter and an endpoint for each test, and raw access. */
export interface WalletKit {
  readonly harness: WalletHarness;
  /** A payment of 47.50 that lives five minutes. */
  made(): Promise<{ paymentNo: string; codeUrl: string }>;
  /** The client library itself, for calls that the adapter has no use for yet or would never make. */
  client(overrides?: Partial<ConstructorParameters<typeof Wechatpay>[0]>): Wechatpay['client'];
  /** A body that creates a payment, with `changes`. */
  native(changes?: Record<string, unknown>): Record<string, unknown>;
}

/** Registers the wallet's beginning and end with the tests around it. */
export function walletKit(): WalletKit {
  const keys = testWechatKeys();
  let current: WalletHarness | undefined;
  let counter = 0;
  beforeEach(async () => {
    current = await startWechat();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });
  const nextNo = (): string => {
    counter += 1;
    return `260115100000${String(counter).padStart(6, '0')}p1`;
  };
  const kit: WalletKit = {
    get harness() {
      if (current === undefined) throw new Error('No test is running.');
      return current;
    },
    made: async () => {
      const { harness } = kit;
      const paymentNo = nextNo();
      const handle = await harness.channel.create({
        paymentNo,
        amountFen: 4750,
        description: '电费 50.00 元',
        expiresAt: new Date(harness.now() + 5 * MINUTE),
        notifyUrl: harness.notifyUrl,
        terminalId: 'kiosk-1',
      });
      return { paymentNo, codeUrl: codeUrlOf(handle) };
    },
    client: (overrides = {}) =>
      new Wechatpay({
        baseURL: `${kit.harness.wallet.url}/`,
        mchid: keys.mchid,
        serial: keys.merchant.serial,
        privateKey: keys.merchant.privateKey,
        certs: { [keys.publicKeyMode.serial]: keys.publicKeyMode.trusted },
        proxy: false,
        ...overrides,
      }).client,
    native: (changes = {}) => ({
      appid: keys.appid,
      mchid: keys.mchid,
      description: '电费',
      out_trade_no: nextNo(),
      time_expire: chinaTime(kit.harness.now() + MINUTE),
      notify_url: kit.harness.notifyUrl,
      amount: { total: 100, currency: 'CNY' },
      ...changes,
    }),
  };
  return kit;
}

/** Status and code of a refusal. */
export async function refusal(call: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { response } = error as { response: { status: number; data: { code: string } } };
  return { status: response.status, code: response.data.code };
}
