import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@bianmin/card/clock';
import { systemClock } from '@bianmin/card/node/system-clock';
import { closeListener, createListener, openListener, THIS_MACHINE } from '@bianmin/purchase/node/listener';
import { faultsOf } from '../faults-of.ts';
import { openBook, stateOf } from './book.ts';
import { Books } from './books.ts';
import { answerControl } from './control.ts';
import type { FaultsRequest, NormalFaults } from './faults-request.ts';
import { readIncoming } from './http.ts';
import { dialectsOf, type WalletKeys } from './wallets.ts';
import type { Delivery, WalletName } from './model.ts';
import type { PaymentView, RefundView } from './operator-view.ts';
import { answerPage } from './pages.ts';
import { Snapshot } from './snapshot.ts';
import type { PayMode, PayResult } from './world.ts';

export interface WalletSandboxOptions {
  /** A wallet without keys is not there. */
  readonly keys: Partial<WalletKeys>;
  /** 127.0.0.1 by default: any client that reaches it can pay. */
  readonly host?: string;
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Time of the books: expiry, retries, refunds, notifications. */
  readonly clock?: Clock;
  /** Time that answers are signed at and merchants' signatures are checked against: the machine's, always. */
  readonly wireNow?: () => number;
  /** Where the books are kept between runs; absent: in memory only. */
  readonly statePath?: string;
  /** Nothing that anybody heard of is lost where it is killed; dear with large books. */
  readonly keepAtOnce?: boolean;
  /** ms; the real ones wait 5,000 or more for an acknowledgement. */
  readonly ackTimeoutMs?: number;
  /** Called each time when a call gets no answer, as a knob wants it: a test need not wait for that. */
  readonly onSilence?: () => void;
  /** Knobs as they are at the start and after `reset`. */
  readonly faults?: NormalFaults;
}

/** Running wallets: what its pages and `/wallet/…` do, for a program in the same process. */
export interface WalletSandbox {
  /** Without a trailing slash. */
  readonly url: string;
  /** A phone opens a code and shows what it asks for. */
  scan(codeUrl: string): PaymentView;
  pay(codeUrl: string, mode?: PayMode): PayResult;
  /** Late payments arrive now; gives their transactions. */
  settleLate(): string[];
  /** Knobs of one wallet; WeChat's by default. */
  setFaults(request: FaultsRequest, wallet?: WalletName): void;
  /** Of one wallet or of all, newest first. */
  payments(wallet?: WalletName): PaymentView[];
  refunds(wallet?: WalletName): RefundView[];
  notifications(wallet?: WalletName): readonly Delivery[];
  /** Sends the last bytes of a notification again; gives the merchant's HTTP status. */
  replay(notificationId: string): Promise<number>;
  /** Resolves when no notification is under way; those that wait for their time do not count. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the wallets that there are keys for, each to one merchant, on one address. */
export async function createWalletSandbox(options: WalletSandboxOptions): Promise<WalletSandbox> {
  const clock = options.clock ?? systemClock;
  const earlier = options.statePath === undefined ? undefined : await Snapshot.read(options.statePath);
  const dialects = dialectsOf(options.keys, {
    now: () => clock.now(),
    wireNow: options.wireNow ?? (() => Date.now()),
    baseUrl: () => url,
  });
  const books = new Books(
    dialects.map((dialect) =>
      openBook({
        dialect,
        clock,
        changed: () => snapshot?.changed(),
        state: earlier?.[dialect.wallet],
        faults: options.faults,
        ackTimeoutMs: options.ackTimeoutMs,
        onSilence: options.onSilence,
      }),
    ),
  );
  const snapshot =
    options.statePath === undefined
      ? undefined
      : new Snapshot({
          path: options.statePath,
          atOnce: options.keepAtOnce ?? false,
          state: () => ({
            ...earlier,
            ...Object.fromEntries(books.all.map((book) => [book.wallet, stateOf(book)])),
          }),
        });

  const server = createListener({
    admits: THIS_MACHINE,
    answer: (request, response) => answerBy(books, clock, { request, response }),
    onFault: faultsOf('wallet sandbox'),
  });
  const url = await openListener(server, { host: options.host ?? '127.0.0.1', port: options.port ?? 0 });

  return {
    url,
    scan: (codeUrl) => books.scan(codeUrl),
    pay: (codeUrl, mode) => books.pay(codeUrl, mode),
    settleLate: () => books.settleLate(),
    setFaults: (request, wallet = 'wechat') => books.named(wallet).faults.set(request),
    payments: (wallet) => books.payments({ wallet }),
    refunds: (wallet) => books.refunds({ wallet }),
    notifications: (wallet) => books.of(wallet).flatMap(({ notifier }) => notifier.deliveries),
    replay: (id) => books.replay(id),
    idle: () => books.idle(),
    close: async () => {
      books.close();
      await closeListener(server);
      await snapshot?.close();
    },
  };
}

async function answerBy(
  books: Books,
  clock: Clock,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  // By the books' time, as what it says of a code that may still be paid.
  response.setHeader('Date', new Date(clock.now()).toUTCString());
  const incoming = await readIncoming(request);
  const { pathname } = incoming.url;
  const book = books.all.find(({ dialect }) => dialect.takes(pathname));
  if (book !== undefined) await book.dialect.answer(book, incoming, response);
  else if (pathname.startsWith('/wallet/')) await answerControl(books, incoming, response);
  else await answerPage(incoming, response);
}
