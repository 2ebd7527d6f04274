import { z } from 'zod';
import type { ServerResponse } from 'node:http';
import { parseJson } from '@bianmin/card/json-text';
import { CannotPayError } from './book-error.ts';
import type { Books } from './books.ts';
import { API_FAULTS, NOTIFY_FAULTS, OPERATIONS, faultsRequest } from './faults-request.ts';
import { complaintControl } from './complaint-control.ts';
import type { Incoming } from './http.ts';
import { sendJson } from './http.ts';
import { WALLETS } from './model.ts';
import { PAY_MODES } from './world.ts';

const payRequest = z.strictObject({
  codeUrl: z.string().min(1).max(512),
  mode: z.enum(PAY_MODES).default('once'),
});
const replayRequest = z.strictObject({ id: z.uuid() });

const scanRequest = z.strictObject({ codeUrl: z.string().min(1).max(512) });
const wallet = z.enum(WALLETS);
/** Knobs are of one wallet: WeChat's, where none is named. */
const knobsRequest = z.looseObject({ wallet: wallet.default('wechat') });
const lateRequest = z.strictObject({ wallet: wallet.optional() });

/** Plain JSON for tests and for the wallet's own pages. Not part of any wallet's protocol. */
export async function answerControl(
  books: Books,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  try {
    const answer = await decide(books, incoming);
    if (answer === undefined) {
      sendJson(response, 404, { code: 'not-found', message: 'The wallet has no such page.' });
    } else sendJson(response, 200, answer);
  } catch (error) {
    sendJson(response, ...refusal(error));
  }
}

async function decide(books: Books, incoming: Incoming): Promise<unknown> {
  const { method, url } = incoming;
  const body = method === 'POST' ? jsonBody(incoming) : undefined;
  const named = wallet.optional().parse(url.searchParams.get('wallet') ?? undefined);
  switch (`${method} ${url.pathname}`) {
    case 'GET /wallet/wallets':
      return books.all.map((book) => book.wallet);
    case 'GET /wallet/payments':
      return books.payments({ wallet: named, limit: listLimit(incoming) });
    case 'GET /wallet/sums':
      return books.sums({ wallet: named, from: from(incoming), limit: listLimit(incoming) });
    case 'GET /wallet/refunds':
      return books.refunds({ wallet: named, limit: listLimit(incoming) });
    case 'GET /wallet/notifications':
      return books.of(named).flatMap((book) => book.notifier.deliveries);
    case 'GET /wallet/fault-kinds':
      return { operations: OPERATIONS, api: API_FAULTS, notify: NOTIFY_FAULTS };
    case 'GET /wallet/faults':
      return books.named(named ?? 'wechat').faults.view();
    case 'POST /wallet/faults': {
      const { wallet: name, ...request } = knobsRequest.parse(body);
      const { faults } = books.named(name);
      faults.set(faultsRequest.parse(request));
      return faults.view();
    }
    case 'POST /wallet/scan':
      return books.scan(scanRequest.parse(body).codeUrl);
    case 'POST /wallet/pay': {
      const { codeUrl, mode } = payRequest.parse(body);
      return books.pay(codeUrl, mode);
    }
    case 'POST /wallet/settle-late':
      return { transactionIds: books.settleLate(lateRequest.parse(body).wallet) };
    case 'POST /wallet/replay':
      return { status: await books.replay(replayRequest.parse(body).id) };
    default:
      return complaintControl(books, `${method} ${url.pathname}`, body);
  }
}

function from({ url }: Incoming): number {
  return z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .parse(url.searchParams.get('from') ?? undefined);
}

/** Long runs book many thousands: lists over HTTP end after the newest `limit`, 200 by default. */
function listLimit({ url }: Incoming): number {
  return z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .parse(url.searchParams.get('limit') ?? undefined);
}

function refusal(error: unknown): [number, unknown] {
  if (error instanceof CannotPayError) return [409, { code: error.reason, message: error.message }];
  if (error instanceof z.ZodError) return [400, { code: 'malformed', message: z.prettifyError(error) }];
  return [400, { code: 'malformed', message: error instanceof Error ? error.message : 'Malformed.' }];
}

/** Only `application/json`: a form on some other site cannot send that without asking first. */
function jsonBody({ headers, body }: Incoming): unknown {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    throw new Error('Send application/json.');
  }
  return parseJson(body);
}
