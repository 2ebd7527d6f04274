import { FakeReaderChild } from '@bianmin/card/testing/node/fake-reader-child';
import type { PrinterMessage, PrinterRequest } from '../../src/host/printer/child-messages.ts';
import type { PrinterLink } from '../../src/host/printer/port.ts';
import { ServedPrinter } from '../../src/host/printer/served-printer.ts';

/** The process that drives a printer, in this one: all but its channel and its end are the real one's. */
export class FakePrinterChild extends FakeReaderChild<PrinterMessage> {
  /** Says nothing any more, as if it were stopped. */
  hangs = false;
  readonly #served: ServedPrinter;

  constructor(link: PrinterLink) {
    super();
    this.#served = new ServedPrinter(link, (message) => {
      if (!this.hangs && !this.killed) this.say(message);
    });
    setImmediate(() => {
      this.say({ type: 'ready' });
    });
  }

  send(request: unknown): void {
    void this.#served.take(request as PrinterRequest);
  }
}
