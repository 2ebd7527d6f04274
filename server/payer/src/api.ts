import type {
  BindingCodeAnswer,
  BindingDetails,
  BindingView,
  PayerOrder,
  ProofAnswer,
} from '@bianmin/purchase/api/payer';

/** What the server said no with; `offline` where nothing answered. */
export class Refused extends Error {
  readonly code: string;
  readonly retryAfterS: number | undefined;
  readonly orderNo: string | undefined;

  constructor(init: { code: string; retryAfterS?: number; orderNo?: string }) {
    super(init.code);
    this.code = init.code;
    this.retryAfterS = init.retryAfterS;
    this.orderNo = init.orderNo;
  }
}

type Method = 'GET' | 'POST' | 'DELETE';

/** ms that the server's clock is ahead of this phone's, as its last answer said. */
let aheadMs = 0;

/** The server's time: a phone's own clock may be wrong, and what can be paid ends by the server's. */
export function serverNow(): number {
  return Date.now() + aheadMs;
}

type ExtraHeaders = Readonly<Record<string, string>>;

async function send(method: Method, path: string, body: unknown, more: ExtraHeaders = {}): Promise<Response> {
  const headers: Record<string, string> = { 'x-bianmin-payer': '1', ...more };
  if (body !== undefined) headers['content-type'] = 'application/json';
  try {
    return await fetch(`/v1/${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Refused({ code: 'offline' });
  }
}

/** As this phone, which has a session. */
async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const own = `payer/${path}`;
  let response = await send(method, own, body);
  if (response.status === 401) {
    // A phone that is new here, or was not used for very long: it begins again, without its households.
    const begun = await send('POST', 'payer/session', undefined);
    if (begun.ok) response = await send(method, own, body);
  }
  return answerOf<T>(response);
}

/** As anybody who holds a link. */
export async function openCall<T>(
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  headers?: ExtraHeaders,
): Promise<T> {
  return answerOf<T>(await send(method, path, body, headers));
}

async function answerOf<T>(response: Response): Promise<T> {
  const date = Date.parse(response.headers.get('date') || '');
  if (!isNaN(date)) aheadMs = date - Date.now();
  if (response.status === 204) return undefined as unknown as T;
  const answer = (await response.json().catch(() => ({}))) as { code?: string; orderNo?: string };
  if (response.ok) return answer as unknown as T;
  const retryAfterS = Number(response.headers.get('retry-after') || '0');
  throw new Refused({
    code: answer.code || 'offline',
    ...(retryAfterS > 0 ? { retryAfterS } : {}),
    ...(answer.orderNo === undefined ? {} : { orderNo: answer.orderNo }),
  });
}

/** The server's part for phones; docs/payer.md. */
export const api = {
  households: async (): Promise<BindingView[]> =>
    (await call<{ bindings: BindingView[] }>('GET', 'bindings')).bindings,
  askForCode: (customerNo: string): Promise<BindingCodeAnswer> =>
    call('POST', 'bindings/code', { customerNo }),
  bind: (customerNo: string, code: string): Promise<BindingView> =>
    call('POST', 'bindings', { customerNo, code }),
  household: (id: string): Promise<BindingDetails> => call('GET', `bindings/${id}`),
  askMeter: (id: string): Promise<BindingDetails> => call('POST', `bindings/${id}/reading`),
  removeHousehold: (id: string): Promise<void> => call('DELETE', `bindings/${id}`),
  proof: (id: string): Promise<ProofAnswer> => call('POST', `bindings/${id}/proof`),
  forget: (): Promise<void> => call('DELETE', 'session'),
  orders: async (): Promise<PayerOrder[]> => (await call<{ orders: PayerOrder[] }>('GET', 'orders')).orders,
  order: (orderNo: string): Promise<PayerOrder> => call('GET', `orders/${orderNo}`),
  buy: (request: {
    bindingId: string;
    faceFen: number;
    idempotencyKey: string;
    billNo?: string;
  }): Promise<PayerOrder> => call('POST', 'orders', request),
  cancel: (orderNo: string): Promise<PayerOrder> => call('POST', `orders/${orderNo}/cancel`),
  choose: (orderNo: string, choice: 'card' | 'refund'): Promise<PayerOrder> =>
    call('POST', `orders/${orderNo}/choice`, { choice }),
};

/** Calls back at each change of this phone's orders, until the returned function is called. A hint: polling goes on. */
export function onChange(changed: () => void): () => void {
  if (typeof EventSource === 'undefined') return () => undefined;
  const source = new EventSource('/v1/payer/stream');
  source.addEventListener('order', changed);
  return () => {
    source.close();
  };
}

/** A random UUID, also in browsers that have no `randomUUID`. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] || 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] || 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => `0${byte.toString(16)}`.slice(-2)).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** 128 random bits, 22 characters of `[A-Za-z0-9_-]`. */
export function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const text = btoa(String.fromCharCode(...Array.from(bytes)));
  return text.slice(0, 22).replace(/\+/g, '-').replace(/\//g, '_');
}
