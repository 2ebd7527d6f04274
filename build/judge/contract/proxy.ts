import {
  createServer,
  request,
  type IncomingMessage,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf } from '../bench/terminal-line.ts';
import type { Callers } from './callers.ts';
import { spared } from './spared.ts';

/** How often it comes again where it is told to: a server that never has room is one that fails. */
const AGAIN_MOST = 3;

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands between Schemathesis and the server: gives each request the credentials of a caller that may make it,
 * and an address of its own, so that limits by address say nothing. Who is told to come later comes later, as terminals do: that this machine
 * is busy is no answer to what was asked. All else passes as it came.
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
  const { hostname, port } = new URL(webUrl);
  const body = await buffer(from);
  for (let again = 0; ; again += 1) {
    const credentials = spared(asked, callers.own) ? {} : await callers.credentials(asked);
    const headers = { ...from.headers, ...credentials, 'x-forwarded-for': address };
    const answer = await answerTo({ hostname, port, ...asked, headers }, body);
    const waitS = answer.statusCode === 503 ? Number(answer.headers['retry-after']) : Number.NaN;
    if (again === AGAIN_MOST || Number.isNaN(waitS)) {
      to.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(to);
      return;
    }
    answer.resume();
    await sleep(waitS * 1000);
  }
}

function answerTo(options: RequestOptions, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request(options).on('response', resolve).on('error', reject).end(body);
  });
}
