import { request as plain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** From which loopback address. */
  readonly from?: string;
  /** Told of each piece as it comes. */
  readonly onPart?: (text: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request on a connection of its own; any certificate will do. */
export function ask(url: string, init: Ask = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, from, onPart } = init;
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent: false, rejectUnauthorized: false } as const;
    const send = url.startsWith('https:') ? secure : plain;
    const call = send(url, { ...options, ...(from === undefined ? {} : { localAddress: from }) });
    call.once('error', reject);
    call.once('response', (response: IncomingMessage) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => {
        parts.push(part);
        onPart?.(part.toString());
      });
      response.once('error', reject);
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) });
      });
    });
    call.end(body);
  });
}
