export type WebRequest = [
  method: string,
  path: string,
  init?: { body?: unknown; token?: string; headers?: Readonly<Record<string, string>> },
];

/** Calls a web process at `url`; the body of the answer is parsed where there is one. */
export async function callWeb(
  url: string,
  ...[method, path, init = {}]: WebRequest
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(init.body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(init.token === undefined ? {} : { Authorization: `Bearer ${init.token}` }),
      ...init.headers,
    },
    ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
