import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { addressOf } from '../bench/terminal-line.ts';
import type { Callers } from './callers.ts';
import { spared } from './spared.ts';

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands between whoever tries the API and the server: gives each request the credentials of a caller that may make it,
 * and an address of its own, so that limits by address say nothing. All else passes as it came.
 */
export async function openProxy(webUrl: string, callers: Callers): Promise<Proxy> {
  let count = 0;
  const server = createServer((from, to) => {
    count += 1;
    forward({ webUrl, callers, from, to, address: addressOf(count % 60_000) }).catch(() => to.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function forward(of: {
  webUrl: string;
  callers: Callers;
  from: IncomingMessage;
  to: ServerResponse;
  address: string;
}): Promise<void> {
  const { webUrl, callers, from, to, address } = of;
  const asked = { method: from.method ?? 'GET', path: from.url ?? '/' };
  const credentials = spared(asked, callers.own) ? {} : await callers.credentials(asked);
  const { hostname, port } = new URL(webUrl);
  const upstream = request({
    ...{ hostname, port, ...asked },
    headers: { ...from.headers, ...credentials, 'x-forwarded-for': address },
  });
  upstream.on('response', (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(to);
  });
  upstream.on('error', () => to.destroy());
  from.pipe(upstream);
}
