import { randomInt } from 'node:crypto';
import { request } from 'node:http';

export interface SiteRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** An object goes as JSON; text and bytes go as they are. */
  readonly body?: unknown;
  /** Where it comes from, of the loopback; absent: an address that nobody else has. */
  readonly from?: string;
}

export interface SiteAnswer {
  readonly status: number;
  /** Of a problem. */
  readonly code: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
}

const PATIENCE_MS = 60_000;

/** An address of the loopback's sixteen million, for a limit that must not be shared. */
export function anyAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(0, 255)}.${randomInt(1, 255)}`;
}

/** One request as it is given: the path is not mended, and every header is the caller's. */
export function send(base: string, path: string, init: SiteRequest = {}): Promise<SiteAnswer> {
  const { hostname, port, host } = new URL(base);
  const { method = 'GET', headers = {}, body, from = anyAddress() } = init;
  const raw = typeof body === 'string' || body instanceof Uint8Array;
  const bytes = body === undefined ? undefined : Buffer.from(raw ? body : JSON.stringify(body));
  const own = {
    host,
    ...(bytes === undefined ? {} : { 'content-length': String(bytes.length) }),
    ...(bytes === undefined || raw ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const options = { host: hostname, port, path, method, headers: own, localAddress: from, agent: false };
    const call = request({ ...options, setHost: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = jsonOf(text);
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, code: codeIn(json), headers: answered, text, json });
      });
    });
    call.setTimeout(PATIENCE_MS, () => {
      call.destroy(new Error(`No answer to ${method} ${path} in ${PATIENCE_MS / 1000} s.`));
    });
    call.on('error', reject);
    call.end(bytes);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('code' in json)) return undefined;
  const { code } = json;
  // An enrolment code is one, too, and belongs into no row.
  return typeof code === 'string' && /^[a-z-]+\.[a-z-]+$/u.test(code) ? code : undefined;
}

/** `401 auth.required`, for a row. */
export function said({ status, code }: Pick<SiteAnswer, 'status' | 'code'>): string {
  return code === undefined ? String(status) : `${status} ${code}`;
}
