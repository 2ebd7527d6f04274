import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateWalletKeys, walletEnv } from '../../sandbox/wallet/keys.ts';
import type { WalletKeys } from '../../sandbox/wallet/keys.ts';
import { createWalletSandbox } from '../../sandbox/wallet/sandbox.ts';
import type { WalletSandbox } from '../../sandbox/wallet/sandbox.ts';
import type { ApiFault, NotifyFault } from '../../sandbox/wallet/faults.ts';
import { ManualClock } from '@bianmin/shared/testing/manual-clock';
import type { CallFault, NotificationFault, PaymentHarness, Received } from './payment-harness.ts';
import type { PaymentChannel } from '../payment/contract.ts';
import { createWechatChannel } from '../payment/wechat/channel.ts';

let keys: WalletKeys | undefined;

/** One set of keys for a test file: making RSA keys takes most of a second. */
export function testWalletKeys(): WalletKeys {
  keys ??= generateWalletKeys();
  return keys;
}

const CALL_FAULTS: Readonly<Record<CallFault, ApiFault>> = {
  'timeout-before': 'timeout-before',
  'timeout-after': 'timeout-after',
  'reset-before': 'reset-before',
  'reset-after': 'reset-after',
  'error-before': 'error-before',
  'error-after': 'error-after',
  busy: 'frequency-limited',
  poor: 'not-enough',
  'bad-signature': 'bad-signature',
  unsigned: 'unsigned',
  'unknown-key': 'unknown-serial',
  'old-clock': 'old-clock',
  'other-payment': 'other-payment',
};

const NOTIFICATION_FAULTS: Readonly<Record<NotificationFault, NotifyFault>> = {
  'bad-signature': 'bad-signature',
  tampered: 'tampered',
  'unknown-key': 'unknown-serial',
  probe: 'signtest',
  stale: 'stale',
  'other-secret': 'other-key',
  'wrong-amount': 'wrong-amount',
  'foreign-merchant': 'foreign-merchant',
  'foreign-app': 'foreign-app',
  'foreign-currency': 'foreign-currency',
};

export interface WechatHarness extends PaymentHarness {
  readonly wallet: WalletSandbox;
  readonly clock: ManualClock;
  /** What the merchant's endpoint answers to notifications; 200 by default. */
  answerWith(status: number): void;
}

/** The WeChat adapter against a wallet sandbox, both on one clock, and an endpoint that keeps notifications. */
export async function startWechat(): Promise<WechatHarness> {
  const clock = new ManualClock();
  const wallet = await createWalletSandbox({ keys: testWalletKeys(), clock, ackTimeoutMs: 500 });
  const received: Received[] = [];
  let status = 200;
  const endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, rawBody: Buffer.concat(chunks) });
      response.statusCode = status;
      response.end(status < 300 ? undefined : JSON.stringify({ code: 'FAIL', message: '' }));
    });
  });
  const notifyUrl = `http://127.0.0.1:${await listen(endpoint)}/v1/notify/wechat`;
  return {
    wallet,
    clock,
    notifyUrl,
    channel: adapter(wallet.url, clock),
    now: () => clock.now(),
    advance: async (ms) => {
      clock.jump(ms);
      await wallet.idle();
    },
    pay: async (codeUrl, mode) => {
      wallet.pay(codeUrl, mode);
      await wallet.idle();
    },
    fail: (on, fault) => wallet.setFaults({ api: [{ on, kind: CALL_FAULTS[fault] }] }),
    spoil: (fault) => wallet.setFaults({ notify: [{ kind: NOTIFICATION_FAULTS[fault] }] }),
    rotateKey: () => wallet.setFaults({ signWith: 'certificateMode' }),
    refundsBecome: (outcome) =>
      wallet.setFaults({
        refundOutcome: ({ done: 'SUCCESS', abnormal: 'ABNORMAL', closed: 'CLOSED' } as const)[outcome],
      }),
    received: async () => {
      await wallet.idle();
      return received;
    },
    answerWith: (code) => {
      status = code;
    },
    unreachable: async () => {
      const server = createServer();
      const port = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      return adapter(`http://127.0.0.1:${port}`, clock);
    },
    close: async () => {
      await wallet.close();
      endpoint.closeAllConnections();
      await new Promise((resolve) => endpoint.close(resolve));
    },
  };
}

function adapter(url: string, clock: ManualClock): PaymentChannel {
  const env = walletEnv(testWalletKeys(), url);
  return createWechatChannel({
    baseUrl: env['WECHAT_BASE_URL'] ?? '',
    appid: env['WECHAT_APPID'] ?? '',
    mchid: env['WECHAT_MCHID'] ?? '',
    serial: env['WECHAT_SERIAL'] ?? '',
    privateKey: env['WECHAT_PRIVATE_KEY'] ?? '',
    platformKeys: JSON.parse(env['WECHAT_PLATFORM_KEYS'] ?? '{}') as Record<string, string>,
    apiV3Key: env['WECHAT_APIV3_KEY'] ?? '',
    timeoutMs: 1_500,
    clock,
  });
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
