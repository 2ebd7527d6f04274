import type { Clock } from '../clock.ts';
import { ANSWER } from '../framing/ccid/constants.ts';
import type { CommandName } from '../framing/ccid/constants.ts';
import { abort, iccPowerOff } from '../framing/ccid/commands.ts';
import type { CommandBody } from '../framing/ccid/commands.ts';
import { decodeResponse, encodeCommand } from '../framing/ccid/message.ts';
import type { CcidCommand, CcidResponse } from '../framing/ccid/message.ts';
import { SLOT_ERROR } from '../framing/ccid/slot-error.ts';
import { FramingError } from '../framing/error.ts';
import { UsbError } from '../usb/error.ts';
import type { UsbPort } from '../usb/ports.ts';
import { APDU_MS } from './apdu-time.ts';
import { isStall, readMessage } from './ccid-bulk-in.ts';
import type { BulkIn } from './ccid-bulk-in.ts';
import { Waiters } from './ccid-link-waiters.ts';
import type { Waiter } from './ccid-link-waiters.ts';
import { givenUp, linkError, tooLong, unasked } from './ccid-link-error.ts';
import type { Epoch } from './epoch.ts';

/** Read and write time-outs of R:LudovicRousseau/CCID: 3 s and 5 s. */
export const READ_MS = 3_000;
const WRITE_MS = 5_000;
/** Each step of an abort; a reader that does not even answer that is given up. */
const ABORT_MS = 1_000;
/** A reader whose card left says so by itself in less; one that does not is told to give the command up. */
const FORSAKEN_MS = 300;
/** What the reader answers by itself, without the card, is not worth more time. */
const SOON_MS = 2 * READ_MS;
const BY_ITSELF: ReadonlySet<CommandName> = new Set(['getSlotStatus', 'iccPowerOff']);
/** Answers to older commands that are passed over before the reader counts as confused. */
const MAX_STALE = 16;
/** Requests for more time in one command, about one a second from a reader; more come from one that is stuck. */
const MAX_EXTENSIONS = 150;

/** One command of a slot, without its sequence number. */
export interface LinkCommand extends CommandBody {
  readonly slot: number;
  /** How long the answer may take, ms; `READ_MS` when absent. A time extension starts it anew, up to `until`. */
  readonly timeoutMs?: number;
  /** On the link's clock: when it is given up whatever is asked for; when absent `APDU_MS` from now, or `SOON_MS`. */
  readonly until?: number;
  /** Bytes of data of the answer where all goes as asked; 0 when absent. */
  readonly expects?: number;
  /** Of the card that it is for: not sent once that is over, and given up when the card leaves meanwhile. */
  readonly epoch?: Epoch | undefined;
}

export interface CcidLinkInit {
  readonly port: UsbPort;
  /** dwMaxCCIDMessageLength. */
  readonly maxMessage: number;
  /** bMaxCCIDBusySlots: how many slots may be at work at once. */
  readonly busySlots: number;
  /** Time-outs of several slots at once are measured on it; without it one command at a time is sent. */
  readonly clock?: Clock | undefined;
}

/**
 * Commands and answers of one CCID device: one at a time for a slot, and for as many slots at once as the reader
 * says. All that wait for an answer share one reading of the bulk-in pipe, which hands answers out by slot and
 * sequence number. Time extensions are waited for; a time-out aborts the command on both pipes (CCID rev 1.1 §5.3.1)
 * and a stall clears the endpoint, so that the next command starts clean.
 */
export class CcidLink {
  readonly #port: UsbPort;
  readonly #bulkIn: BulkIn;
  readonly #clock: Clock | undefined;
  readonly #limit: number;
  readonly #waiters = new Waiters();
  /** The last command of each slot, and what of it is still under way, an abort too. */
  readonly #tails = new Map<number, Promise<unknown>>();
  /** Slots that wait for others to be done. */
  readonly #queue: (() => void)[] = [];
  #busy = 0;
  #seq = 0;
  #writing: Promise<unknown> = Promise.resolve();
  #reading = false;

  constructor({ port, maxMessage, busySlots, clock }: CcidLinkInit) {
    this.#port = port;
    this.#bulkIn = { port, maxMessage, now: () => this.#now() };
    this.#clock = clock;
    this.#limit = clock === undefined ? 1 : Math.max(busySlots, 1);
  }

  /** The reader's answer, failed or not; throws `ReaderError` where no answer came. */
  command(command: LinkCommand): Promise<CcidResponse> {
    const before = this.#tails.get(command.slot) ?? Promise.resolve();
    const run = before.then(() => this.#admitted(command));
    this.#tails.set(
      command.slot,
      run.catch(() => undefined),
    );
    return run;
  }

  async #admitted(command: LinkCommand): Promise<CcidResponse> {
    if (this.#busy >= this.#limit) await new Promise<void>((go) => this.#queue.push(go));
    else this.#busy++;
    try {
      return await this.#exchange(command);
    } finally {
      // The command that waits longest takes this place over.
      const next = this.#queue.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  async #exchange(command: LinkCommand): Promise<CcidResponse> {
    command.epoch?.check();
    if (this.#now() >= (command.until ?? Infinity)) throw linkError(givenUp());
    const seq = this.#next();
    const off = command.epoch?.onEnd(() => {
      if (command.epoch?.left === true) this.#forsake(command.slot, seq);
    });
    try {
      return await this.#ask(command, seq);
    } catch (error) {
      if (error instanceof UsbError && error.code === 'usb.timeout') await this.#giveUp(command.slot, seq);
      throw linkError(error);
    } finally {
      off?.();
    }
  }

  /** Only the next command of its slot still waits for its end. Never throws. */
  #forsake(slot: number, seq: number): void {
    // Without a clock it ends by its time-out.
    void this.#clock?.sleep(FORSAKEN_MS).then(() => {
      const waiter = this.#waiters.of(slot);
      if (waiter?.seq === seq && !waiter.aborts) this.#waiters.reject(waiter, givenUp());
    });
  }

  #next(): number {
    const seq = this.#seq;
    this.#seq = (seq + 1) & 0xff;
    return seq;
  }

  #ask(command: LinkCommand, seq: number): Promise<CcidResponse> {
    const most = BY_ITSELF.has(command.name) ? SOON_MS : APDU_MS;
    const { slot, timeoutMs = READ_MS, epoch: _, until = this.#now() + most, expects = 0, ...body } = command;
    const wants = ANSWER[body.name];
    return this.#converse({ ...body, slot, seq }, { slot, seq, wants, timeoutMs, until, expects });
  }

  /** Waits from before the message is written: where others are being read for, its answer can be there at once. */
  async #converse(
    message: CcidCommand,
    init: Parameters<Waiters['add']>[0],
    writeMs = WRITE_MS,
  ): Promise<CcidResponse> {
    const { waiter, answer } = this.#waiters.add(init, this.#now() + writeMs);
    try {
      await this.#write(encodeCommand(message), writeMs);
    } catch (error) {
      this.#waiters.reject(waiter, error);
      return answer;
    }
    this.#waiters.extend(waiter, 1, this.#now());
    void this.#read();
    return answer;
  }

  /** One transfer at a time on bulk-out. */
  #write(bytes: Uint8Array, timeoutMs: number): Promise<void> {
    const write = this.#writing.then(async () => {
      try {
        await this.#port.bulkOut(bytes, timeoutMs);
      } catch (error) {
        if (isStall(error)) await this.#port.clearHalt('bulk-out').catch(() => undefined);
        throw error;
      }
    });
    this.#writing = write.catch(() => undefined);
    return write;
  }

  #now(): number {
    return this.#clock?.monotonic() ?? 0;
  }

  /** Reads bulk-in for as long as anybody waits. Never throws: the waiters are told. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    while (this.#waiters.size > 0) {
      const now = this.#now();
      // A command that comes meanwhile, an abort too, may have less time than those that are read for now.
      const shortest = this.#waiters.shortest(now);
      const wait = this.#clock === undefined ? shortest : Math.min(shortest, READ_MS);
      try {
        const message = { timeoutMs: wait, expects: this.#waiters.longest };
        this.#deliver(decodeResponse(await readMessage(this.#bulkIn, message)));
        // Whoever speaks all the time does not by that keep those waiting whose time is over.
        for (const late of this.#waiters.overdue(this.#now())) this.#waiters.reject(late, tooLong());
      } catch (error) {
        if (error instanceof UsbError && error.code === 'usb.timeout') {
          for (const late of this.#waiters.overdue(now + wait)) this.#waiters.reject(late, error);
          continue;
        }
        if (isStall(error)) await this.#port.clearHalt('bulk-in').catch(() => undefined);
        // Whose answer it was is not known: no waiter gets one.
        for (const waiter of this.#waiters.all()) this.#waiters.reject(waiter, error);
      }
    }
    this.#reading = false;
  }

  #deliver(response: CcidResponse): void {
    const waiter = this.#waiters.of(response.slot);
    if (waiter?.seq !== response.seq) {
      for (const other of this.#waiters.all()) this.#passOver(other);
      return;
    }
    if (response.command === 'time-extension') {
      // What is being aborted gets no more time.
      if (waiter.aborts) this.#passOver(waiter);
      else if (++waiter.extensions > MAX_EXTENSIONS) this.#waiters.reject(waiter, givenUp());
      else this.#waiters.extend(waiter, Math.max(response.error, 1), this.#now());
      return;
    }
    // A late answer to what is being aborted has the abort's own number.
    if (response.name !== waiter.wants && response.command === 'done') {
      if (waiter.aborts) this.#passOver(waiter);
      else this.#waiters.reject(waiter, unasked());
      return;
    }
    this.#waiters.resolve(waiter, response);
  }

  #passOver(waiter: Waiter): void {
    if (++waiter.stale >= MAX_STALE) this.#waiters.reject(waiter, unasked());
  }

  /**
   * Both halves of an abort, each bounded (CCID rev 1.1 §5.3.1). A reader that does not know it, which shows by a
   * stall, gets the card powered down instead: that ends whatever it was at.
   */
  async #giveUp(slot: number, seq: number): Promise<void> {
    try {
      await this.#port.controlAbort(slot, seq, ABORT_MS);
      const wants = ANSWER.abort;
      const { command, error } = await this.#converse(
        { ...abort, slot, seq },
        { slot, seq, wants, timeoutMs: ABORT_MS, aborts: true },
        ABORT_MS,
      );
      if (command === 'done' || error !== SLOT_ERROR.commandNotSupported) return;
    } catch (error) {
      if (error instanceof UsbError && error.code === 'usb.gone') return;
      if (!(error instanceof UsbError || error instanceof FramingError)) return;
    }
    await this.#ask({ ...iccPowerOff, slot, timeoutMs: ABORT_MS }, this.#next()).catch(() => undefined);
  }
}
