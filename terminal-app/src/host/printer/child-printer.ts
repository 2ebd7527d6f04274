import { fromHex, toHex } from '@bianmin/card/bytes/hex';
import type { Clock } from '@bianmin/card/clock';
import { CodedError } from '@bianmin/card/errors';
import {
  DEVICE_PULSE,
  devicePauseMs,
  GuardedChild,
  type ChildLoss,
  type ChildSaid,
  type Pulse,
  type ReaderChild,
} from '@bianmin/card/node/guarded-child';
import { printerMessage, type PrinterAsk, type PrinterMessage } from './child-messages.ts';
import { PrinterError, type PrinterErrorCode } from './error.ts';
import type { PrinterLink, PrinterPort } from './port.ts';

export interface ChildPrinterInit {
  readonly clock: Clock;
  readonly start: () => ReaderChild;
  readonly onFault: (where: string, error: unknown) => void;
  /** From the n-th loss in a row to the next child, ms. */
  readonly pauseMs?: (n: number) => number;
  readonly pulse?: Pulse;
}

/** A child that has not loaded its library by then hangs. */
const READY_MS = 20_000;
/** The bus is looked through and a device opened. */
const OPEN_MS = 10_000;
/** Beside the time that a transfer itself may take. */
const WAY_MS = 3_000;
/** What a port sends at a time, bytes, each piece with its own time. */
const PIECE = 4_096;
const CLOSE_MS = 2_000;

type Answer = Extract<PrinterMessage, { type: 'done' | 'failed' }>;
type Done = Extract<PrinterMessage, { type: 'done' }>;

/**
 * The printer that a process of its own drives: what its library breaks is that process. It starts with the first `open`. Lost, it is
 * an unplugged printer (`printer.gone`) until the next one is there.
 */
export function childPrinter(init: ChildPrinterInit): PrinterLink {
  return new ChildLink(init);
}

class ChildLink implements PrinterLink {
  readonly #init: ChildPrinterInit;
  readonly #child: GuardedChild<Answer, never>;
  #begun: Promise<void> | undefined;
  /** Ports of a child that was lost are dead: the next one gives their numbers to its own. */
  #losses = 0;
  #closed = false;

  constructor(init: ChildPrinterInit) {
    this.#init = init;
    this.#child = new GuardedChild({
      clock: init.clock,
      start: init.start,
      sort,
      hear: () => undefined,
      onLost: (loss) => {
        this.#losses += 1;
        this.#tell(loss);
      },
      readyMs: READY_MS,
      pauseMs: init.pauseMs ?? devicePauseMs,
      pulse: init.pulse ?? DEVICE_PULSE,
    });
  }

  async open(): Promise<PrinterPort> {
    await (this.#begun ??= this.#begin());
    const { port = 0 } = await this.#ask({ op: 'open' }, OPEN_MS);
    const losses = this.#losses;
    const ask = (request: PrinterAsk, limitMs: number): Promise<Done> =>
      losses === this.#losses ? this.#ask(request, limitMs) : Promise.reject(lost());
    return {
      write: async (bytes, timeoutMs) => {
        const limitMs = timeoutMs * Math.ceil(bytes.length / PIECE) + WAY_MS;
        await ask({ op: 'write', port, data: toHex(bytes), timeoutMs }, limitMs);
      },
      read: async (timeoutMs) => {
        const { data = '' } = await ask({ op: 'read', port, timeoutMs }, timeoutMs + WAY_MS);
        return fromHex(data);
      },
      close: async () => {
        await ask({ op: 'close-port', port }, CLOSE_MS).catch(() => undefined);
      },
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#begun !== undefined) await this.#child.ask({ op: 'close' }, CLOSE_MS);
    this.#child.close();
  }

  async #begin(): Promise<void> {
    if (await this.#child.begin()) return;
    this.#tell('ended');
    void this.#child.again();
  }

  async #ask(request: PrinterAsk, limitMs: number): Promise<Done> {
    const answer = await this.#child.ask(request, limitMs);
    if (answer === 'lost' || answer === 'late') throw lost();
    if (answer.type === 'done') return answer;
    const { code, message } = answer.failure;
    throw code?.startsWith('printer.') === true
      ? new PrinterError({ code: code as PrinterErrorCode, message })
      : new CodedError({ code: code ?? 'unexpected', message });
  }

  #tell(loss: ChildLoss): void {
    if (!this.#closed) this.#init.onFault('printer', lost(loss));
  }
}

function sort(raw: unknown): ChildSaid<Answer, never> {
  const message = printerMessage.parse(raw);
  return message.type === 'ready' || message.type === 'alive' ? message.type : { answer: message };
}

function lost(loss?: ChildLoss): PrinterError {
  const message =
    'The program that drives the printer was lost and is started again; change a printer that does this often.';
  return new PrinterError({
    code: 'printer.gone',
    message,
    ...(loss === undefined ? {} : { context: { loss } }),
  });
}
