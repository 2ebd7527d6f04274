import process from 'node:process';
import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import { codeOf } from '@bianmin/card/errors';
import type { PrinterMessage, PrinterRequest } from './child-messages.ts';
import { PrinterError } from './error.ts';
import type { PrinterLink, PrinterPort } from './port.ts';

type Done = Omit<Extract<PrinterMessage, { type: 'done' }>, 'type' | 'id'>;

/** A printer, lent to the process at the other end, which holds no library that drives it. */
export class ServedPrinter {
  readonly #link: PrinterLink;
  readonly #say: (message: PrinterMessage) => void;
  #open: { readonly id: number; readonly port: PrinterPort } | undefined;
  #ports = 0;

  constructor(link: PrinterLink, say: (message: PrinterMessage) => void) {
    this.#link = link;
    this.#say = say;
  }

  /** Carries a request out and says what came of it. Never throws. */
  async take(request: PrinterRequest): Promise<void> {
    if (request.op === 'ping') {
      this.#say({ type: 'alive' });
      return;
    }
    const { id } = request;
    try {
      this.#say({ type: 'done', id, ...(await this.#carryOut(request)) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#say({ type: 'failed', id, failure: { code: codeOf(error), message } });
    }
  }

  async #carryOut(request: Exclude<PrinterRequest, { op: 'ping' }>): Promise<Done> {
    switch (request.op) {
      case 'open': {
        this.#open = undefined;
        const port = await this.#link.open();
        this.#open = { id: ++this.#ports, port };
        return { port: this.#open.id };
      }
      case 'write':
        await this.#port(request.port).write(fromHex(request.data), request.timeoutMs);
        return {};
      case 'read':
        return { data: toHex(await this.#port(request.port).read(request.timeoutMs)) };
      case 'close-port':
        await this.#port(request.port).close();
        return {};
      case 'close':
        await this.#link.close();
        return {};
    }
  }

  #port(id: number): PrinterPort {
    if (this.#open?.id !== id)
      throw new PrinterError({ code: 'printer.gone', message: 'The printer was opened anew; ask again.' });
    return this.#open.port;
  }
}

/** The life of a process that drives a printer for the one that started it, and ends with it. */
export function runPrinterChild(link: PrinterLink): void {
  // At once: what waits for a printer may hang.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  const served = new ServedPrinter(link, (message) => void process.send?.(message));
  process.on('message', (message) => void served.take(message as PrinterRequest));
  process.send?.({ type: 'ready' } satisfies PrinterMessage);
}
