import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from '@bianmin/purchase/node/body';

const MAX_BODY = 64 * 1024;

/** A request that was read to its end. */
export interface Incoming {
  readonly method: string;
  /** The request line's target as it came, which signatures cover. */
  readonly target: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Reads a request; one larger than 64 KiB is a `BodyError`. */
export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const body = await readBytes(request, MAX_BODY);
  const target = request.url ?? '/';
  return {
    method: request.method ?? 'GET',
    target,
    // Of a path that the listener has looked at.
    url: new URL(target, 'http://wallet.invalid'),
    headers: request.headers,
    body: body.toString('utf8'),
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Cache-Control', 'no-store');
  response.end(JSON.stringify(body));
}
