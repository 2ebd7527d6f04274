import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for a web process: answers as the test says, and keeps what it was asked. */
export class StubWeb {
  readonly asked: { method: string; url: string; headers: IncomingMessage['headers']; bytes: number }[] = [];
  /** Answers in place of the usual, which is 200 with the request's headers. */
  answer: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** What it says of itself to HAProxy; undefined: nothing, as if it were frozen. */
  ready: 200 | 503 | undefined = 200;
  /** How long it takes to say so. */
  lookMs = 0;
  readonly #server = createServer((request, response) => {
    if (request.url === '/readyz' || request.url === '/healthz') {
      if (this.ready === undefined) return;
      response.statusCode = request.url === '/readyz' ? this.ready : 200;
      setTimeout(() => response.end(), this.lookMs);
      return;
    }
    let bytes = 0;
    request.on('data', (part: Buffer) => (bytes += part.length));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      this.asked.push({ method, url, headers, bytes });
      if (this.answer !== undefined) {
        this.answer(request, response);
        return;
      }
      response.setHeader('content-type', 'application/json');
      response.setHeader('etag', '"7"');
      response.end(JSON.stringify({ headers, filler: 'x'.repeat(2000) }));
    });
  });

  /** Gives its port. */
  async begin(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async end(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
