import { z } from 'zod';
import type { ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import { API_FAULTS, NOTIFY_FAULTS, OPERATIONS, faultsRequest } from './faults.ts';
import type { Incoming } from './http.ts';
import { sendJson } from './http.ts';
import type { Ledger } from './ledger.ts';
import { CannotPayError } from './ledger.ts';
import type { Notifier } from './notifier.ts';
import { PAY_MODES } from './world.ts';
import type { World } from './world.ts';
import { paymentViews, refundViews } from './operator-view.ts';

export interface ControlInit {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly faults: Faults;
  readonly world: World;
  readonly now: () => number;
}

const payRequest = z.strictObject({
  codeUrl: z.string().min(1).max(512),
  mode: z.enum(PAY_MODES).default('once'),
});
const replayRequest = z.strictObject({ id: z.uuid() });

/** Plain JSON for tests and for the wallet's own pages. Not part of any wallet's protocol. */
export async function answerControl(
  init: ControlInit,
  incoming: Incoming,
  response: ServerResponse,
): Promise<void> {
  try {
    const body = incoming.method === 'POST' ? jsonBody(incoming) : undefined;
    switch (`${incoming.method} ${incoming.url.pathname}`) {
      case 'GET /wallet/payments':
        sendJson(response, 200, paymentViews(init, listLimit(incoming)));
        return;
      case 'GET /wallet/refunds':
        sendJson(response, 200, refundViews(init, listLimit(incoming)));
        return;
      case 'GET /wallet/notifications':
        sendJson(response, 200, init.notifier.deliveries);
        return;
      case 'GET /wallet/fault-kinds':
        sendJson(response, 200, { operations: OPERATIONS, api: API_FAULTS, notify: NOTIFY_FAULTS });
        return;
      case 'GET /wallet/faults':
        sendJson(response, 200, init.faults.view());
        return;
      case 'POST /wallet/pay': {
        const { codeUrl, mode } = payRequest.parse(body);
        sendJson(response, 200, init.world.pay(codeUrl, mode));
        return;
      }
      case 'POST /wallet/faults':
        init.faults.set(faultsRequest.parse(body));
        sendJson(response, 200, init.faults.view());
        return;
      case 'POST /wallet/settle-late':
        sendJson(response, 200, { transactionIds: init.world.settleLate() });
        return;
      case 'POST /wallet/replay':
        sendJson(response, 200, { status: await init.notifier.replay(replayRequest.parse(body).id) });
        return;
      default:
        sendJson(response, 404, { code: 'not-found', message: 'The wallet has no such page.' });
    }
  } catch (error) {
    sendJson(response, ...refusal(error));
  }
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
  return JSON.parse(body);
}
