import { connect, type Socket } from 'node:net';
import type { Clock } from '@bianmin/card/clock';
import { PrinterError, type PrinterErrorCode } from './error.ts';
import { Inbox } from './inbox.ts';
import type { PrinterLink, PrinterPort } from './port.ts';

const CONNECT_MS = 3_000;

/** A printer on the network ("raw", port 9100), and the sandbox's, which is paper on a screen. */
export function tcpPrinter(init: { host: string; port: number; clock: Clock }): PrinterLink {
  let open: TcpPort | undefined;
  return {
    open: async () => {
      await open?.close();
      open = await TcpPort.connect(init);
      return open;
    },
    close: async () => {
      await open?.close();
    },
  };
}

class TcpPort implements PrinterPort {
  readonly #socket: Socket;
  readonly #inbox: Inbox;
  #gone = false;

  static connect(init: { host: string; port: number; clock: Clock }): Promise<TcpPort> {
    const { host, port, clock } = init;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      const refuse = (cause?: Error): void => {
        socket.destroy();
        reject(
          failure('printer.gone', 'The printer does not answer; switch it on and check its cable.', cause),
        );
      };
      socket.setTimeout(CONNECT_MS, refuse);
      socket.once('error', refuse);
      socket.once('connect', () => {
        socket.off('error', refuse);
        resolve(new TcpPort(socket, clock));
      });
    });
  }

  private constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#inbox = new Inbox(clock);
    socket.removeAllListeners('timeout');
    socket.setTimeout(0);
    socket.on('data', (bytes) => {
      this.#inbox.push(bytes);
    });
    const end = (): void => {
      this.#gone = true;
      this.#inbox.wake();
    };
    // `close` follows and says the same.
    socket.on('error', end);
    socket.on('close', end);
    socket.on('end', () => socket.destroy());
  }

  async write(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    this.#needed();
    await new Promise<void>((resolve, reject) => {
      const late = (): void => {
        reject(failure('printer.timeout', 'The printer accepts no data; check its paper and its cover.'));
      };
      this.#socket.setTimeout(timeoutMs, late);
      this.#socket.write(bytes, (error) => {
        this.#socket.setTimeout(0);
        this.#socket.off('timeout', late);
        if (error === undefined || error === null) resolve();
        else
          reject(
            failure('printer.gone', 'The printer was disconnected while it printed; check its cable.', error),
          );
      });
    });
  }

  async read(timeoutMs: number): Promise<Uint8Array> {
    this.#needed();
    const bytes = await this.#inbox.take(timeoutMs);
    if (bytes.length === 0) this.#needed();
    return bytes;
  }

  close(): Promise<void> {
    this.#socket.destroy();
    return Promise.resolve();
  }

  #needed(): void {
    if (this.#gone)
      throw failure('printer.gone', 'The printer was disconnected; switch it on and check its cable.');
  }
}

function failure(code: PrinterErrorCode, message: string, cause?: unknown): PrinterError {
  return new PrinterError({ code, message, ...(cause === undefined ? {} : { cause }) });
}
