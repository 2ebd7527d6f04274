import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { VirtualPrinter } from './virtual-printer.ts';

/** The virtual printer on a port of the loopback, as a network printer is on 9100. */
export class TcpPlug {
  readonly #printer: VirtualPrinter;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  constructor(printer: VirtualPrinter) {
    this.#printer = printer;
  }

  get url(): string {
    return `tcp://127.0.0.1:${this.#port}`;
  }

  /** Plugs it in; again on the same port. */
  async plugIn(): Promise<void> {
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      const off = this.#printer.onAnswer((bytes) => socket.write(bytes));
      socket.on('data', (bytes) => {
        this.#printer.receive(bytes);
      });
      socket.on('error', () => undefined);
      socket.on('close', () => {
        off();
        this.#sockets.delete(socket);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Pulls the plug: what it had not printed is lost. */
  async pull(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    this.#server = undefined;
    this.#printer.switchOff();
  }
}
