import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@bianmin/shared/clock';
import { systemClock } from '@bianmin/shared/node/system-clock';
import type { ApiContext } from './api.ts';
import { answerApi } from './api-server.ts';
import { BillFiles } from './bill.ts';
import { answerControl } from './control.ts';
import type { FaultsRequest } from './faults.ts';
import { Faults } from './faults.ts';
import { readIncoming, sendJson } from './http.ts';
import type { WalletKeys } from './keys.ts';
import { Ledger } from './ledger.ts';
import type { Delivery } from './notification.ts';
import { Notifier } from './notifier.ts';
import { paymentViews, refundViews } from './operator-view.ts';
import type { PaymentView, RefundView } from './operator-view.ts';
import { answerPage } from './pages.ts';
import { Snapshot } from './snapshot.ts';
import type { PayMode, PayResult } from './world.ts';
import { World } from './world.ts';

export interface WalletSandboxOptions {
  readonly keys: WalletKeys;
  /** 127.0.0.1 by default: whoever reaches it can pay. */
  readonly host?: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Time of the books: expiry, retries, refunds, notifications. */
  readonly clock?: Clock;
  /** Time that answers are signed at and merchants' signatures are checked against: the machine's, always. */
  readonly wireNow?: () => number;
  /** Where the books are kept between runs; absent: in memory only. */
  readonly statePath?: string;
  /** ms; the real one waits 5,000 for an acknowledgement. */
  readonly ackTimeoutMs?: number;
  /** Knobs as they are at the start and after `reset`. */
  readonly faults?: Omit<FaultsRequest, 'reset' | 'api' | 'notify'>;
}

/** A running wallet: what its pages and `/wallet/…` do, for a program in the same process. */
export interface WalletSandbox {
  /** Without a trailing slash. */
  readonly url: string;
  pay(codeUrl: string, mode?: PayMode): PayResult;
  /** Late payments arrive now; gives their transactions. */
  settleLate(): string[];
  setFaults(request: FaultsRequest): void;
  payments(): PaymentView[];
  refunds(): RefundView[];
  notifications(): readonly Delivery[];
  /** Sends the last bytes of a notification again; gives the merchant's HTTP status. */
  replay(notificationId: string): Promise<number>;
  /** Resolves when no notification is under way; those that wait for their time do not count. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a wallet that speaks WeChat Pay API v3 (Native) to one merchant. */
export async function createWalletSandbox(options: WalletSandboxOptions): Promise<WalletSandbox> {
  const { keys } = options;
  const clock = options.clock ?? systemClock;
  const now = (): number => clock.now();
  const merchant = { appid: keys.appid, mchid: keys.mchid };
  const earlier = options.statePath === undefined ? undefined : await Snapshot.read(options.statePath);
  const faults = new Faults(options.faults);
  const changed = (): void => snapshot?.changed();
  const ledger = new Ledger({
    merchant,
    now,
    changed,
    closesOnExpiry: () => faults.settings.expiry === 'close',
    ...(earlier === undefined ? {} : { state: earlier.ledger }),
  });
  const notifier = new Notifier({
    clock,
    keys,
    faults,
    changed,
    ...(earlier === undefined ? {} : { deliveries: earlier.deliveries }),
    ...(options.ackTimeoutMs === undefined ? {} : { ackTimeoutMs: options.ackTimeoutMs }),
  });
  const snapshot =
    options.statePath === undefined
      ? undefined
      : new Snapshot(options.statePath, () => ({
          ledger: ledger.state,
          deliveries: [...notifier.deliveries],
        }));
  const world = new World({ ledger, notifier, faults, merchant, clock });
  const context: ApiContext = {
    ledger,
    merchant,
    faults,
    bills: new BillFiles(),
    now,
    baseUrl: () => url,
    refundStarted: (refund) => world.settleLater(refund),
  };

  const api = { context, keys, wireNow: options.wireNow ?? (() => Date.now()) };
  const control = { ledger, notifier, faults, world, now };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await readIncoming(request);
    if (incoming.url.pathname.startsWith('/v3/')) answerApi(api, incoming, response);
    else if (incoming.url.pathname.startsWith('/wallet/')) await answerControl(control, incoming, response);
    else await answerPage(incoming, response);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { code: 'SYSTEM_ERROR', message: String(error) });
    });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;

  return {
    url,
    pay: (codeUrl, mode) => world.pay(codeUrl, mode),
    settleLate: () => world.settleLate(),
    setFaults: (request) => faults.set(request),
    payments: () => paymentViews(control),
    refunds: () => refundViews(control),
    notifications: () => notifier.deliveries,
    replay: (id) => notifier.replay(id),
    idle: () => notifier.idle(),
    close: async () => {
      world.close();
      notifier.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await snapshot?.close();
    },
  };
}
