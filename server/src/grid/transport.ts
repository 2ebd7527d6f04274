import { networkError } from './failures.ts';

/** One POST of JSON text. Fails with `grid.unavailable` (never left) or `grid.unknown` (may have arrived). */
export interface GridTransport {
  post(path: string, text: string, timeoutMs: number): Promise<{ status: number; text: string }>;
}

/** An answer is a few kilobytes; more than this is not the grid. */
export const MAX_ANSWER_BYTES = 262_144;

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
        throw networkError(cause);
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
