import { errorOfAnswer, unreachable } from '@bianmin/purchase/api/client-error';

/** How a resident's phone calls the server's site. */
export interface Caller {
  /** Where it calls from, for a server that believes the proxy in front of it. */
  readonly address?: string;
  /** Wraps each call; the calls can all be repeated. Absent: once. */
  readonly around?: <T>(call: () => Promise<T>) => Promise<T>;
  /** How long it waits for each answer, ms; absent: for ever. */
  readonly limitMs?: number | undefined;
}

/** One call as a browser makes it. Throws `ApiError`s. */
export async function callOnce(
  url: URL,
  init: {
    readonly method: 'GET' | 'POST' | 'PUT';
    readonly address?: string | undefined;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly limitMs?: number | undefined;
  },
): Promise<{ readonly answer: unknown; readonly headers: Headers }> {
  const { method, address, headers, body, limitMs } = init;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: {
        ...headers,
        ...(address === undefined ? {} : { 'x-forwarded-for': address }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(limitMs === undefined ? {} : { signal: AbortSignal.timeout(limitMs) }),
    });
    text = await response.text();
  } catch (cause) {
    throw unreachable(cause);
  }
  const answer = parsed(text);
  if (response.ok) return { answer, headers: response.headers };
  throw errorOfAnswer({ status: response.status, headers: Object.fromEntries(response.headers) }, answer);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
