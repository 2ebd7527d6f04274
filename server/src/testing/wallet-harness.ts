import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import type { ApiFault, NotifyFault } from '../../sandbox/wallet/faults-request.ts';
import type { WalletKeys } from '../../sandbox/wallet/wallets.ts';
import type { WalletName } from '../../sandbox/wallet/model.ts';
import { createWalletSandbox } from '../../sandbox/wallet/sandbox.ts';
import type { WalletSandbox } from '../../sandbox/wallet/sandbox.ts';
import type { Deadline } from '../kernel/deadline.ts';
import type { PaymentChannel } from '../gateways/payment/contract.ts';
import { TestDeadlines } from './deadlines.ts';
import { TestPhone } from './test-phone.ts';
import type { CallFault, NotificationFault, PaymentHarness, Received } from './payment-harness.ts';

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

export interface WalletHarnessInit {
  readonly name: WalletName;
  readonly keys: Partial<WalletKeys>;
  /** An adapter that talks to the server at `url`, gives up when `deadline` says so, and has this clock. */
  readonly adapter: (url: string, time: AdapterTime) => PaymentChannel;
}

/** What an adapter knows of time; without a deadline of a test's own it goes by the machine's. */
export interface AdapterTime {
  readonly clock: { now(): number };
  readonly deadline?: Deadline | undefined;
}

export interface WalletHarness extends PaymentHarness {
  readonly wallet: WalletSandbox;
  readonly clock: ManualClock;
  /** Whether the merchant's endpoint accepts notifications, in the channel's words, or fails with this status. */
  answerWith(answer: 'accepted' | number): void;
}

/** A channel's adapter against its wallet, both on one clock, and an endpoint that keeps notifications. */
export async function startWallet({ name, keys, adapter }: WalletHarnessInit): Promise<WalletHarness> {
  const clock = new ManualClock();
  const deadlines = new TestDeadlines();
  const time = { clock, deadline: deadlines.deadline };
  const wallet = await createWalletSandbox({ keys, clock, onSilence: () => deadlines.pass() });
  const channel = adapter(wallet.url, time);
  const endpoint = keptNotifications(channel);
  const notifyUrl = `http://127.0.0.1:${await listen(endpoint.server)}/v1/notify/${name}`;
  return {
    wallet,
    clock,
    notifyUrl,
    channel,
    phone: new TestPhone(wallet.url),
    now: () => clock.now(),
    advance: async (ms) => {
      clock.jump(ms);
      await wallet.idle();
    },
    scan: async (codeUrl) => {
      wallet.scan(codeUrl);
    },
    pay: async (codeUrl, mode) => {
      wallet.pay(codeUrl, mode);
      await wallet.idle();
    },
    fail: (on, fault) => wallet.setFaults({ api: [{ on, kind: CALL_FAULTS[fault] }] }, name),
    spoil: (fault) => wallet.setFaults({ notify: [{ kind: NOTIFICATION_FAULTS[fault] }] }, name),
    rotateKey: () => wallet.setFaults({ signWith: 'certificateMode' }, name),
    refundsBecome: (outcome) =>
      wallet.setFaults(
        {
          refundOutcome: ({ done: 'SUCCESS', abnormal: 'ABNORMAL', closed: 'CLOSED' } as const)[outcome],
        },
        name,
      ),
    received: async () => {
      await wallet.idle();
      return endpoint.received;
    },
    answerWith: endpoint.answerWith,
    unreachable: async () => {
      const server = createServer();
      const port = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      return adapter(`http://127.0.0.1:${port}`, time);
    },
    close: async () => {
      await wallet.close();
      endpoint.server.closeAllConnections();
      await new Promise((resolve) => endpoint.server.close(resolve));
    },
  };
}

/** A merchant's endpoint, which keeps what it is told and answers in the channel's words. */
function keptNotifications(channel: PaymentChannel) {
  const received: Received[] = [];
  let answer: 'accepted' | number = 'accepted';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, rawBody: Buffer.concat(chunks) });
      const { status, body } = channel.acknowledge(answer === 'accepted');
      response.statusCode = answer === 'accepted' ? status : answer;
      response.end(body);
    });
  });
  const answerWith = (next: 'accepted' | number): void => {
    answer = next;
  };
  return { server, received, answerWith };
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
