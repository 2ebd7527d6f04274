import type { IncomingMessage, ServerResponse } from 'node:http';
import process from 'node:process';
import { ANYBODY, closeListener, createListener, openListener } from '@bianmin/purchase/node/listener';
import { readIncoming, type Incoming } from '../../../../server/sandbox/wallet/http.ts';
import { send, type SiteAnswer } from '../site.ts';

/** What is answered in place of what was asked. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Somebody on a line, at each request: gives another answer, answers by themselves and gives `answered`, or gives undefined and
 * it is passed on. `pass` passes it on and gives what was answered.
 */
export type Meddle = (
  asked: Incoming,
  pass: () => Promise<SiteAnswer>,
  response: ServerResponse,
) => Promise<Reply | 'answered' | undefined>;

/** Headers that are of one connection, or would have the answer packed. */
const OWN: readonly string[] = [
  'connection',
  'host',
  'accept-encoding',
  'transfer-encoding',
  'content-length',
];

/** A line between two parts with somebody on it, who passes on what they do not meddle with. */
export class Between {
  readonly #to: string;
  readonly #server: ReturnType<typeof createListener>;
  /** Where it is reached in place of `to`. */
  url = '';
  meddle: Meddle = () => Promise.resolve(undefined);

  private constructor(to: string) {
    this.#to = to;
    this.#server = createListener({
      admits: ANYBODY,
      answer: (request, response) => this.#answer(request, response),
      onFault: (error) => void process.stderr.write(`A line between two parts failed: ${String(error)}\n`),
    });
  }

  static async open(to: string): Promise<Between> {
    const line = new Between(to);
    line.url = await openListener(line.#server, { host: '127.0.0.1', port: 0 });
    return line;
  }

  close(): Promise<void> {
    return closeListener(this.#server);
  }

  /** Meddles while something is done. */
  async while<T>(meddle: Meddle, work: () => Promise<T>): Promise<T> {
    const before = this.meddle;
    this.meddle = meddle;
    try {
      return await work();
    } finally {
      this.meddle = before;
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await readIncoming(request);
    const pass = (): Promise<SiteAnswer> => passedOn(this.#to, asked);
    const said = await this.meddle(asked, pass, response);
    if (said === 'answered') return;
    if (said !== undefined) {
      response.writeHead(said.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(said.body));
      return;
    }
    const { status, headers, text } = await pass();
    const kept = Object.entries(headers).filter(([name]) => !OWN.includes(name));
    response.writeHead(status, Object.fromEntries(kept));
    response.end(text);
  }
}

function passedOn(to: string, { method, target, headers, body }: Incoming): Promise<SiteAnswer> {
  const kept = Object.entries(headers).filter(([name]) => !OWN.includes(name)) as [string, string][];
  const init = { method, headers: Object.fromEntries(kept), from: '127.0.0.1' };
  return send(to, target, body === '' ? init : { ...init, body });
}
