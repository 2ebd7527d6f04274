import { request, type RequestOptions } from 'node:http';
import axios, { type AxiosAdapter } from 'axios';
import type { Connect } from '../../../terminal-app/src/host/order-stream.ts';

/**
 * Terminals of one process, each at an address of its own as far as the server can see: it believes the proxy in
 * front of it (`TRUSTED_PROXIES`), and limits by address hold for each terminal as they would in the field.
 */
const addressed = (address: string): Record<string, string> => ({ 'X-Forwarded-For': address });

/** How a terminal reaches the server: its calls, and its stream of orders. */
export interface TerminalLine {
  readonly adapter: AxiosAdapter;
  readonly connect: Connect;
}

export function lineAt(address: string): TerminalLine {
  return { adapter: adapterAt(address), connect: connectAt(address) };
}

/** The n-th terminal's address, from the range for benchmarks (RFC 2544). */
export function addressOf(index: number): string {
  return `198.18.${Math.floor(index / 250)}.${(index % 250) + 1}`;
}

function adapterAt(address: string): AxiosAdapter {
  const send = axios.getAdapter('http');
  return (config) => {
    config.headers.set(addressed(address));
    return send(config);
  };
}

/** The stream of orders by the plainest reader there is, so that what is measured is the server. */
function connectAt(address: string): Connect {
  return connectWith({ headers: addressed(address) });
}

export function connectWith(options: Pick<RequestOptions, 'headers' | 'agent'>): Connect {
  return (url, on) => {
    const headers = { ...options.headers, accept: 'text/event-stream' };
    const asking = request(url, { ...options, headers });
    asking.on('response', (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        on.end();
        return;
      }
      on.open();
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        const blocks = text.split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) {
          const event = eventOf(block);
          if (event !== undefined) on.order(event.id, event.data);
        }
      });
      response.on('close', on.end);
    });
    asking.on('error', on.end);
    asking.end();
    return { close: () => void asking.destroy() };
  };
}

/** One event's fields, where it is an order's; comments and other events are none. */
export function eventOf(block: string): { id: string; data: string } | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trimStart());
  }
  if (fields.get('event') !== 'order') return undefined;
  return { id: fields.get('id') ?? '', data: fields.get('data') ?? '' };
}
