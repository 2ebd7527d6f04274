import { request, type IncomingMessage, type RequestOptions, type ServerResponse } from 'node:http';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANYBODY, closeListener, createListener, openListener } from '@bianmin/purchase/node/listener';
import { addressOf } from '../bench/terminal-line.ts';
import type { Callers } from './callers.ts';
import { spared } from './spared.ts';

/** How often it comes again where it is told to: a server that never has room is one that fails. */
const AGAIN_MOST = 3;

/** Whose credentials it gives. */
type Asking = Pick<Callers, 'own' | 'credentials'>;

export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands between Schemathesis and the server: gives each request the credentials of a caller that may make it,
 * and an address of its own, so that limits by address say nothing. Who is told to come later comes later, as terminals do: that this machine
 * is busy is no answer to what was asked. All else passes as it came.
 */
export async function openProxy(webUrl: string, callers: Asking): Promise<Proxy> {
  let count = 0;
  const server = createListener({
    admits: ANYBODY,
    answer: (from, to) => {
      count += 1;
      return forward({ webUrl, callers, from, to, address: addressOf(count % 60_000) });
    },
    onFault: (error) => void process.stderr.write(`The proxy failed in a request: ${String(error)}\n`),
  });
  return {
    url: await openListener(server, { host: '127.0.0.1', port: 0 }),
    close: () => closeListener(server),
  };
}

async function forward(of: {
  webUrl: string;
  callers: Asking;
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
