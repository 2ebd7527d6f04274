import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@bianmin/card/clock';
import { parseJson } from '@bianmin/card/json-text';
import { systemClock } from '@bianmin/card/node/system-clock';
import { readBytes } from '@bianmin/purchase/node/body';
import { closeListener, createListener, openListener, THIS_MACHINE } from '@bianmin/purchase/node/listener';
import {
  isSigned,
  issueBody,
  SIGNATURE_HEADER,
  signatureOf,
  TIME_HEADER,
  type EvidenceBody,
} from '../../src/gateways/invoice/wire.ts';
import { faultsOf } from '../faults-of.ts';
import { InvoiceBooks, type InvoiceFault } from './platform.ts';

const MAX_SKEW_S = 300;
const MAX_BODY_BYTES = 64 * 1024;

export interface InvoiceSandbox {
  /** Without a trailing slash. */
  readonly url: string;
  readonly books: InvoiceBooks;
  /** Faults of the next requests, in their order. */
  readonly faults: InvoiceFault[];
  close(): Promise<void>;
}

/** Starts a tax platform that speaks "invoice v1" to one operator. */
export async function createInvoiceSandbox(init: {
  key: Buffer;
  host?: string;
  port?: number;
  clock?: Pick<Clock, 'now'>;
}): Promise<InvoiceSandbox> {
  const { key, host = '127.0.0.1', port = 0, clock = systemClock } = init;
  const faults: InvoiceFault[] = [];
  const books = new InvoiceBooks({ clock, url: () => url });
  const server = createListener({
    admits: THIS_MACHINE,
    answer: (request, response) => answer({ key, clock, books, faults }, request, response),
    onFault: faultsOf('invoice sandbox'),
  });
  const url = await openListener(server, { host, port });
  return {
    url,
    books,
    faults,
    close: () => closeListener(server),
  };
}

interface Parts {
  readonly key: Buffer;
  readonly clock: Pick<Clock, 'now'>;
  readonly books: InvoiceBooks;
  readonly faults: InvoiceFault[];
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { key, clock, books, faults } = parts;
  const { method = 'GET', url: path = '/' } = request;
  const body = (await readBytes(request, MAX_BODY_BYTES)).toString('utf8');
  const time = String(request.headers[TIME_HEADER] ?? '');
  const given = request.headers[SIGNATURE_HEADER];
  const fresh = Math.abs(clock.now() / 1000 - Number(time)) <= MAX_SKEW_S;
  if (!fresh || typeof given !== 'string' || !isSigned(key, { method, path, time, body }, given)) {
    response.writeHead(401).end();
    return;
  }
  const fault = faults.shift();
  if (fault === 'busy') {
    response.writeHead(503).end();
    return;
  }
  if (fault === 'lost-request') {
    response.destroy();
    return;
  }
  const evidence = handle(books, { method, path, body }, fault);
  if (evidence === undefined) {
    response.writeHead(400).end();
    return;
  }
  if (fault === 'lost-answer') {
    response.destroy();
    return;
  }
  const text = JSON.stringify(evidence);
  const signature = signatureOf(fault === 'unsigned' ? Buffer.alloc(32) : key, {
    method: `${method} 200`,
    path,
    time,
    body: text,
  });
  response.writeHead(200, { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature }).end(text);
}

function handle(
  books: InvoiceBooks,
  { method, path, body }: { method: string; path: string; body: string },
  fault: InvoiceFault | undefined,
): EvidenceBody | undefined {
  const asked = /^\/v1\/invoices\/([A-Za-z0-9]{6,32})$/.exec(path)?.[1];
  if (method === 'GET' && asked !== undefined) return books.query(asked);
  if (method !== 'POST' || path !== '/v1/invoices') return undefined;
  const parsed = issueBody.safeParse(parseJson(body));
  return parsed.success ? books.issue(parsed.data, fault === 'refuse') : undefined;
}
