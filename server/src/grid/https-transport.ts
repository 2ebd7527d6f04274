import { Agent, request } from 'node:https';
import { networkError } from './failures.ts';
import type { TlsIdentity } from './tls.ts';
import { MAX_ANSWER_BYTES, type GridTransport } from './transport.ts';

/**
 * Keep-alive HTTPS with a client certificate or an authority of its own, which the runtime's `fetch` has no way to be given. Only
 * POST of JSON text; redirects are answers like any other, and prove nothing.
 */
export function httpsTransport(baseUrl: string, tls: TlsIdentity): GridTransport {
  const base = baseUrl.replace(/\/+$/, '');
  const agent = new Agent({ ...tls, keepAlive: true });
  return {
    post: (path, text, timeoutMs) =>
      new Promise((resolve, reject) => {
        const fail = (cause: unknown): void => reject(networkError(cause));
        const signal = AbortSignal.timeout(timeoutMs);
        const headers = {
          'content-type': 'application/json',
          accept: 'application/json',
          'content-length': Buffer.byteLength(text),
        };
        const call = request(`${base}/${path}`, { method: 'POST', agent, signal, headers }, (response) => {
          const chunks: Buffer[] = [];
          let size = 0;
          response.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > MAX_ANSWER_BYTES) response.destroy(new Error('The answer is too long.'));
            else chunks.push(chunk);
          });
          response.on('error', fail);
          response.on('end', () => {
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
          });
        });
        call.on('error', (cause) => fail(signal.aborted ? signal.reason : cause));
        call.end(text);
      }),
  };
}
