import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import { Stop } from '@bianmin/card/stop';
import type { Receipt } from '@bianmin/purchase/api/receipt';
import type { PrinterState, PrinterStatus, PrintJob, PrintRequest } from '../../ipc/map.ts';
import { Conversation } from './conversation.ts';
import { encode } from './escpos.ts';
import type { PrinterModel } from './models.ts';
import type { PrinterLink } from './port.ts';
import type { Line } from './line.ts';
import { receiptLines } from './receipt-lines.ts';
import { ASK_WHEN_PRINTED, mayPrint } from './status.ts';

/** Between two looks at a printer that is not used, and at one that is waited for. */
const IDLE_MS = 5_000;
const WAIT_MS = 1_000;
/** A receipt that waits for paper or for the server longer than this is given up: its household has left. */
const GIVE_UP_MS = 180_000;
/** For all of it to be on paper, by a printer that says how it is meanwhile. */
const PRINT_MS = 20_000;
/** Least bytes between two looks at the paper: little is in the printer's own memory when it runs out. */
const PIECE = 2_048;
/** A printer that takes half a receipt again and again is given up. */
const MOST_TRIES = 3;
/** Receipts that were printed here, remembered so that the second says that it is one. */
const REMEMBERED = 200;

export interface PrintingInit {
  readonly link: PrinterLink;
  readonly model: PrinterModel;
  /** From the server, each time anew: nothing of a receipt is kept here. */
  readonly receipt: (orderNo: string) => Promise<Receipt>;
  readonly helpPhone: string;
  readonly clock: Clock;
  readonly onChange: () => void;
  readonly onFault: (where: string, error: unknown) => void;
}

interface Job {
  /** Of an order, or a shift's id. */
  readonly orderNo: string;
  readonly again: boolean;
  /** What is put on paper, each time anew. */
  readonly lines: () => Promise<readonly Line[]>;
  state: PrintJob['state'];
  /** Staff asked: it does not end with the screen. */
  readonly byStaff: boolean;
  /** On the monotonic clock, ms. */
  readonly asked: number;
  /** How often some of it was sent. */
  tries: number;
}

/** A receipt that cannot go on now; it is tried again. */
class Later extends Error {}

/**
 * Prints receipts one after the other, and watches the printer between them. It knows order numbers and nothing else: a
 * job is what was pressed, in memory only, and what is printed is asked of the server then. No sale waits for it.
 */
export class Printing {
  readonly #init: PrintingInit;
  readonly #stop = new Stop();
  readonly #printed = new Set<string>();
  #wake = new Stop();
  #queue: Job[] = [];
  #last: Job | undefined;
  #state: PrinterState = 'absent';
  #talk: Conversation | undefined;
  #faulty: string | undefined;
  #running: Promise<void> | undefined;

  constructor(init: PrintingInit) {
    this.#init = init;
  }

  get status(): PrinterStatus {
    const job = this.#queue[0] ?? this.#last;
    return {
      state: this.#state,
      job: job === undefined ? null : { orderNo: job.orderNo, state: job.state, again: job.again },
    };
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.stop();
    this.#wake.stop();
    await this.#init.link.close();
    await this.#running;
  }

  /** Puts a receipt into the queue, once for as long as it is there. */
  print(request: PrintRequest, byStaff = false): void {
    if (this.#queue.some(({ orderNo }) => orderNo === request.orderNo)) return;
    const { orderNo, language } = request;
    const { receipt, helpPhone } = this.#init;
    const again = byStaff || this.#printed.has(orderNo);
    const lines = async (): Promise<readonly Line[]> =>
      receiptLines({ receipt: await receipt(orderNo), language, again, helpPhone });
    this.#push({ orderNo, again, byStaff, lines });
  }

  /** Puts a slip of staff's into the queue, once for as long as it is there. `id`: what tells it from another. */
  printSlip(id: string, linesOf: (again: boolean) => readonly Line[]): void {
    if (this.#queue.some(({ orderNo }) => orderNo === id)) return;
    const again = this.#printed.has(id);
    this.#push({ orderNo: id, again, byStaff: true, lines: () => Promise.resolve(linesOf(again)) });
  }

  #push(job: Pick<Job, 'orderNo' | 'again' | 'byStaff' | 'lines'>): void {
    this.#queue.push({ ...job, asked: this.#init.clock.monotonic(), tries: 0, state: 'waiting' });
    this.#wake.stop();
    this.#init.onChange();
  }

  /** The screen shows this order now, or none: what it asked for before and still waits for paper is not printed any more. */
  shows(orderNo: string | undefined): void {
    const stays = (job: Job): boolean => job.byStaff || job.orderNo === orderNo || job.state === 'printing';
    if (this.#queue.every(stays)) return;
    this.#queue = this.#queue.filter(stays);
    this.#init.onChange();
  }

  async #run(): Promise<void> {
    while (!this.#stop.stopped) {
      const job = this.#queue[0];
      const before = JSON.stringify(this.status);
      const done = job === undefined ? await this.#look() : await this.#try(job);
      if (JSON.stringify(this.status) !== before) this.#init.onChange();
      if (!done) await this.#rest(this.#queue.length === 0 ? IDLE_MS : WAIT_MS);
    }
  }

  async #rest(ms: number): Promise<void> {
    this.#wake = new Stop();
    // A job that came since the last look is not left waiting.
    if (this.#stop.stopped || (ms === IDLE_MS && this.#queue.length > 0)) return;
    // A `Stop` carries no reason: it only ends the wait.
    await this.#init.clock.sleep(ms, this.#wake.signal).catch(() => undefined);
  }

  /** How the printer is; false, since nothing was done. */
  async #look(): Promise<false> {
    try {
      this.#state = await (await this.#conversation()).state();
    } catch (error) {
      this.#lost(error);
    }
    return false;
  }

  /** Whether the job is over. */
  async #try(job: Job): Promise<boolean> {
    try {
      await this.#print(job);
      this.#end(job, 'printed');
      this.#remember(job.orderNo);
      return true;
    } catch (error) {
      if (!(error instanceof Later)) this.#lost(error);
      this.#tell(job, 'waiting');
    }
    if (!this.#queue.includes(job)) return true;
    if (this.#init.clock.monotonic() - job.asked < GIVE_UP_MS && job.tries < MOST_TRIES) return false;
    this.#end(job, 'failed');
    return true;
  }

  async #print(job: Job): Promise<void> {
    const { model } = this.#init;
    const talk = await this.#conversation();
    await this.#ready(talk);
    this.#wanted(job);
    const lines = await job.lines().catch((error: unknown) => {
      if (codeOf(error) === 'order.not-found') this.#end(job, 'failed');
      this.#say('receipt', error);
      throw new Later();
    });
    this.#wanted(job);
    const pieces = encode(lines, model);
    this.#tell(job, 'printing');
    // One that did not say how it is will not do so in the middle either.
    const answers = this.#state !== 'unknown';
    job.tries += 1;
    talk.forgetPrinted();
    for (const part of parts(pieces)) {
      await talk.send(part);
      if (answers) await this.#whileNotReady(job, talk);
    }
    if (!model.confirms || !answers) return;
    await talk.send(ASK_WHEN_PRINTED);
    // One that says that it is well all the while has printed, though it never answers: it is not asked to print twice.
    for (let left = PRINT_MS; left > 0 && !(await talk.printedWithin(WAIT_MS)); left -= WAIT_MS) {
      // A printer that waits for paper goes on by itself where it stopped.
      if (await this.#whileNotReady(job, talk)) left = PRINT_MS;
    }
  }

  /** Who pressed may have gone while printer or server was asked. */
  #wanted(job: Job): void {
    if (!this.#queue.includes(job)) throw new Later();
  }

  async #ready(talk: Conversation): Promise<void> {
    this.#state = await talk.state();
    if (!mayPrint(this.#state)) throw new Later();
  }

  /** In the middle of a receipt: waits for paper for as long as anybody does. Whether it had to. */
  async #whileNotReady(job: Job, talk: Conversation): Promise<boolean> {
    let waited = false;
    for (;;) {
      const state = await talk.state();
      // Busy with printing it may be too slow to say how it is.
      if (state !== 'unknown') this.#state = state;
      if (mayPrint(state)) break;
      waited = true;
      this.#tell(job, 'waiting');
      if (this.#stop.stopped || this.#init.clock.monotonic() - job.asked >= GIVE_UP_MS) throw new Later();
      await this.#rest(WAIT_MS);
    }
    this.#tell(job, 'printing');
    return waited;
  }

  async #conversation(): Promise<Conversation> {
    this.#talk ??= new Conversation(await this.#init.link.open(), this.#init.clock);
    return this.#talk;
  }

  /** The port is dead, or may be: a new one is opened next time. */
  #lost(error: unknown): void {
    this.#talk = undefined;
    const gone = codeOf(error) === 'printer.gone';
    this.#state = gone ? 'absent' : 'error';
    // A printer that is switched off is no fault, and said in the status.
    if (!gone) this.#say('printer', error);
  }

  #say(where: string, error: unknown): void {
    const code = codeOf(error) ?? 'unexpected';
    if (this.#faulty === code) return;
    this.#faulty = code;
    this.#init.onFault(where, error);
  }

  #tell(job: Job, state: PrintJob['state']): void {
    if (job.state === 'failed') return;
    job.state = state;
    this.#init.onChange();
  }

  #end(job: Job, state: 'printed' | 'failed'): void {
    job.state = state;
    this.#queue = this.#queue.filter((each) => each !== job);
    this.#last = job;
    if (state === 'printed') this.#faulty = undefined;
    this.#init.onChange();
  }

  #remember(orderNo: string): void {
    this.#printed.add(orderNo);
    const [oldest] = this.#printed;
    if (this.#printed.size > REMEMBERED && oldest !== undefined) this.#printed.delete(oldest);
  }
}

/** Pieces put together until they are worth a look at the printer. */
function parts(pieces: readonly Uint8Array[]): Uint8Array[] {
  const all: number[][] = [[]];
  for (const piece of pieces) {
    const last = all.at(-1) ?? [];
    if (last.length >= PIECE) all.push([...piece]);
    else last.push(...piece);
  }
  return all.map((part) => Uint8Array.from(part));
}
