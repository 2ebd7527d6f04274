import { GridError } from './error.ts';

/** One POST of JSON text. Fails with `grid.unavailable` (never left) or `grid.unknown` (may have arrived). */
export interface GridTransport {
  post(path: string, text: string, timeoutMs: number): Promise<{ status: number; text: string }>;
}

/** An answer is a few kilobytes; more than this is not the grid. */
const MAX_ANSWER_BYTES = 262_144;

/** Failures of resolving and connecting: no byte of the request was sent. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Keep-alive HTTP(S) by the runtime's own client. Redirects are refused: the grid has one address. */
export function httpTransport(baseUrl: string): GridTransport {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    async post(path, text, timeoutMs) {
      try {
        const response = await fetch(`${base}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: text,
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        return { status: response.status, text: await readLimited(response) };
      } catch (cause) {
        throw transportError(cause);
      }
    },
  };
}

async function readLimited(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('The answer is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The codes of an error and of everything that it was caused by; a refused dual-stack connect is an AggregateError. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...own, ...parts, ...codesOf(error.cause)];
}

function transportError(cause: unknown): GridError {
  const codes = codesOf(cause);
  if (codes.length > 0 && codes.every((code) => NEVER_LEFT.has(code))) {
    return new GridError({
      code: 'grid.unavailable',
      message: 'The grid cannot be reached; nothing was sent. Try again shortly.',
      cause,
      context: { network: codes[0] },
    });
  }
  const timeout = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new GridError({
    code: 'grid.unknown',
    message: timeout
      ? 'The grid did not answer in time; ask what became of the request.'
      : 'The connection to the grid broke; ask what became of the request.',
    cause,
    context: { network: timeout ? 'timeout' : (codes[0] ?? 'broken') },
  });
}
