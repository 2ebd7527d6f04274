import { Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { traceHeaders } from '@bianmin/purchase/node/trace';
import { realDeadline, type Deadline } from '../../kernel/deadline.ts';
import { networkError } from './failures.ts';
import type { TlsIdentity } from './tls.ts';

/** One POST of JSON text. Fails with `grid.unavailable` (never left) or `grid.unknown` (may have arrived). */
export interface GridTransport {
  post(path: string, text: string, timeoutMs: number): Promise<{ status: number; text: string }>;
}

/** An answer is a few kilobytes; more than this is not the grid. */
const MAX_ANSWER_BYTES = 262_144;
/** Less than servers commonly keep an idle connection (Node's own: 5 s), so that none is used as it is closed. */
const IDLE_MS = 4000;

/**
 * Keep-alive HTTP(S); with `tls`, under a client certificate or an authority of its own. Redirects are answers like any
 * other, and prove nothing. By `node:http`, because the runtime's `fetch` takes no certificate and three times the CPU.
 */
export function httpTransport(
  baseUrl: string,
  tls?: TlsIdentity,
  deadline: Deadline = realDeadline,
): GridTransport {
  const base = new URL(baseUrl);
  const folder = base.pathname.replace(/\/+$/, '');
  const secure = base.protocol === 'https:';
  const request = secure ? httpsRequest : httpRequest;
  const kept = { keepAlive: true, timeout: IDLE_MS };
  const options: RequestOptions = {
    method: 'POST',
    agent: secure ? new HttpsAgent({ ...tls, ...kept }) : new HttpAgent(kept),
    // A URL keeps the brackets of an IPv6 address; a socket wants none.
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    ...(base.port === '' ? {} : { port: base.port }),
  };
  return {
    post: (path, text, timeoutMs) =>
      new Promise((resolve, reject) => {
        const expired = deadline(timeoutMs);
        const expire = (): void => void call.destroy(expired.reason as Error);
        const fail = (cause: unknown): void => {
          expired.removeEventListener('abort', expire);
          reject(networkError(cause));
        };
        const headers = {
          'content-type': 'application/json',
          accept: 'application/json',
          ...traceHeaders(),
          'content-length': Buffer.byteLength(text),
        };
        const call = request({ ...options, path: `${folder}/${path}`, headers }, (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER_BYTES) response.destroy(new Error('The answer is too long.'));
            else chunks.push(chunk);
          });
          response.on('error', fail);
          response.on('end', () => {
            expired.removeEventListener('abort', expire);
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
          });
        });
        expired.addEventListener('abort', expire);
        call.on('error', fail);
        call.end(text);
      }),
  };
}
