import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where a sandbox is asked: it can be shut and opened again, and stand still. */
export class Doors {
  readonly server: Server;
  /** Resolves when it goes on; absent while it does. */
  #still: Promise<void> | undefined;

  constructor(handle: Handle) {
    this.server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        await this.#still;
        await handle(request, response);
      };
      answer().catch(() => response.destroy());
    });
    // Between two of a server's requests: longer than its own idle time, so that a kept connection never dies under one.
    this.server.keepAliveTimeout = 60_000;
  }

  /** Gives the port; 0: any free one. */
  async open(at: { port: number; host: string }): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(at.port, at.host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Nothing is answered until what this gives is called. */
  standStill(): () => void {
    let goOn = (): void => undefined;
    this.#still = new Promise((resolve) => {
      goOn = resolve;
    });
    return () => {
      this.#still = undefined;
      goOn();
    };
  }

  /** Ends every connection, whatever is under way on it, and frees the port. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }
}
