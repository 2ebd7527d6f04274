import type { Asked } from './callers.ts';

/** What would end the run itself if it were done: each is tried without credentials instead. */
const SPARED: Readonly<Record<string, string>> = {
  'POST /v1/admin/logout': 'ends the session in use',
  'POST /v1/admin/me/password': 'ends the session in use',
  'POST /v1/admin/me/confirm': 'wrong passwords lock the account in use',
  'POST /v1/admin/me/totp': 'the next login would want a code',
  'POST /v1/admin/me/totp/confirm': 'the next login would want a code',
  'DELETE /v1/admin/me/totp': 'ends what the next confirmation needs',
  'DELETE /v1/payer/session': 'ends the session in use',
  'GET /v1/payer/stream': 'a stream never ends',
};

/** Operations whose only answer to this run's callers is that they may not. */
export const CLOSED: readonly string[] = [
  ...Object.keys(SPARED),
  // Ids of sessions are hashes: what is made up names none, and the one in use is spared.
  'DELETE /v1/admin/me/sessions/{id}',
  // For boxes, and the terminal of the run is a kiosk.
  'GET /v1/terminal/homes',
  // No caller of the run has staff's PIN and the ticket that it gives.
  'POST /v1/terminal/staff/sessions',
  'POST /v1/terminal/staff/orders/search',
  'POST /v1/terminal/staff/orders/read',
  'POST /v1/terminal/staff/takings',
  'POST /v1/terminal/staff/sessions/pin',
  'POST /v1/terminal/staff/shifts/read',
  'POST /v1/terminal/staff/shifts/close',
  'POST /v1/terminal/staff/consents',
  'POST /v1/terminal/staff/consents/search',
  'POST /v1/terminal/staff/consents/revoke',
  // What the run asks for, another person would have to allow.
  'POST /v1/admin/refunds/{refundNo}/approve',
];

/** Whether a request is sent without credentials: it would end the run, or changes what the run lives by. */
export function spared({ method, path }: Asked, own: readonly string[]): boolean {
  const [address = ''] = path.split('?');
  const named = `${method === 'HEAD' ? 'GET' : method} ${address.replace(/\/+$/u, '')}`;
  if (named in SPARED) return true;
  return method !== 'GET' && address.split('/').some((part) => own.includes(part));
}
