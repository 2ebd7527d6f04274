import type { Clock } from '../../../clock.ts';
import type { UsbPort } from '../../../usb/ports.ts';
import { InPipe } from '../../sim-pipes.ts';
import type { Draw, Emission, ReaderLie } from './reader-lies.ts';

/** Longer than any message, and than any test takes; timers of a real clock end at 2 ** 31 ms. */
const WHOLE = 70_000;
const FOR_EVER = 2 ** 30;

export interface LyingPortInit {
  /** Of an honest reader. */
  readonly port: UsbPort;
  readonly clock: Clock;
  readonly draw: Draw;
  /** Of its messages; absent: it is honest there. */
  readonly lie?: ReaderLie | undefined;
  /** Honest messages before the first lie. */
  readonly from: number;
  /** How many lies. */
  readonly times: number;
  /** On the interrupt pipe, from the start. */
  readonly notices?: Iterable<Emission> | undefined;
}

/** A reader's port that lies; it also keeps what was asked of it. */
export class LyingPort implements UsbPort {
  readonly info: UsbPort['info'];
  readonly ccidDescriptor: Uint8Array;
  readonly packetSize?: number;
  /** The most bytes that one read had room for: what a platform sets aside at once. */
  roomiest = 0;
  /** Messages that came as the reader gave them. */
  #honest = 0;
  #lies = 0;
  #open = true;
  readonly #init: LyingPortInit;
  readonly #answers: InPipe;
  readonly #notices: InPipe;

  constructor(init: LyingPortInit, ccidDescriptor = init.port.ccidDescriptor) {
    this.#init = init;
    this.info = init.port.info;
    this.ccidDescriptor = ccidDescriptor;
    if (init.port.packetSize !== undefined) this.packetSize = init.port.packetSize;
    this.#answers = new InPipe(init.clock);
    this.#notices = new InPipe(init.clock);
    void this.#pump();
    if (init.notices !== undefined) void this.#play(this.#notices, init.notices);
    else void this.#forward();
  }

  /** Whether it has lied yet. */
  get lied(): boolean {
    return this.#lies > 0 || this.#init.notices !== undefined;
  }

  bulkOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    return this.#init.port.bulkOut(data, timeoutMs);
  }

  bulkIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    this.roomiest = Math.max(this.roomiest, maxLength);
    return this.#answers.read(maxLength, timeoutMs);
  }

  interruptIn(maxLength: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#notices.read(maxLength, timeoutMs);
  }

  controlAbort(slot: number, seq: number, timeoutMs: number): Promise<void> {
    return this.#init.port.controlAbort(slot, seq, timeoutMs);
  }

  clearHalt(): Promise<void> {
    this.#answers.stalled = false;
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#answers.fail('usb.gone');
    this.#notices.fail('usb.gone');
    await this.#init.port.close();
  }

  async #pump(): Promise<void> {
    const { port, lie, from, times, draw } = this.#init;
    for (;;) {
      const honest = await port.bulkIn(WHOLE, FOR_EVER).catch(() => undefined);
      if (honest === undefined) return;
      const lies = lie !== undefined && this.#honest >= from && this.#lies < times;
      if (!lies) {
        this.#honest++;
        this.#answers.push(honest);
        continue;
      }
      this.#lies++;
      void this.#play(this.#answers, lie(honest, draw));
    }
  }

  async #forward(): Promise<void> {
    for (;;) {
      const notice = await this.#init.port.interruptIn(64, FOR_EVER).catch(() => undefined);
      if (notice === undefined) return;
      this.#notices.push(notice);
    }
  }

  async #play(pipe: InPipe, emissions: Iterable<Emission>): Promise<void> {
    for (const { bytes, afterMs } of emissions) {
      if (afterMs !== undefined) await this.#init.clock.sleep(afterMs);
      if (!this.#open) return;
      pipe.push(bytes);
    }
  }
}
