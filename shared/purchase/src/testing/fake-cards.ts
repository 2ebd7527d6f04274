import { isOver } from '@bianmin/card/meter-card/lease';
import { CodedError } from '@bianmin/card/errors';
import { ReaderError } from '@bianmin/card/reader/error';
import type { CardSlot } from '@bianmin/card/reader/slot';
import type { FakeSlot } from '@bianmin/card/testing/fake-slots';
import type { CardWork, OpenCard, WriteJob, WriteOutcome } from '../purchase/ports.ts';

type Ending = WriteOutcome['result'] | { readonly error: string } | { readonly failed: string };

/** Cards that are their serials; writing them is a script. Keeps the journal as the real procedure does. */
export class FakeCards implements CardWork {
  /** Codes that the next readings fail with. */
  readonly readErrors: string[] = [];
  /** Why the code of a serial may not be presented. */
  readonly codeFaults = new Map<string, string>();
  /** How the next writes end; `written` where none is given. */
  readonly endings: Ending[] = [];
  /** Set: a write stands still half-way until `resume()`. */
  hold = false;
  writes = 0;
  /** Serials with a completed write. */
  readonly written: string[] = [];
  #resume: () => void = () => undefined;

  resume(): void {
    this.hold = false;
    this.#resume();
  }

  async open(slot: CardSlot): Promise<OpenCard> {
    await Promise.resolve();
    const error = this.readErrors.shift();
    if (error !== undefined)
      throw new CodedError({ code: error, message: 'The fake card was told to fail.' });
    const { serial } = slot as FakeSlot;
    if (serial === undefined) throw new ReaderError({ code: 'reader.no-card', message: 'No card.' });
    return {
      serial,
      image: {
        chip: 'SLE4442',
        atr: '3B040000',
        serial,
        regions: [{ zone: 'main', offset: 8, data: serial }],
      },
      codeFault: () => Promise.resolve(this.codeFaults.get(serial) ?? null),
      write: (job) => this.#write(slot as FakeSlot, serial, job),
      end: () => Promise.resolve(),
      rest: () => undefined,
    };
  }

  async #write(slot: FakeSlot, serial: string, job: WriteJob): Promise<WriteOutcome> {
    this.writes += 1;
    const entry = {
      orderNo: job.plan.orderNo,
      lease: job.lease.no,
      chip: job.plan.chip,
      serial,
      ranges: [],
      outsideDigest: '0'.repeat(64),
      startedAt: job.clock.now(),
    };
    await job.journal.put({ ...entry, phase: 'intent' });
    job.onProgress('code', 0);
    job.onProgress('write', 0.5);
    if (this.hold) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
    const ending = this.endings.shift() ?? 'written';
    if (slot.serial !== serial) return { result: 'removed' };
    if (typeof ending === 'object') {
      if ('error' in ending) throw new CodedError({ code: ending.error, message: 'The fake write failed.' });
      await job.journal.put({ ...entry, phase: 'failed', reason: ending.failed });
      return { result: 'failed', code: ending.failed };
    }
    if (ending === 'failed') throw new Error('say why');
    if (ending !== 'written') return { result: ending };
    if (isOver(job.lease, job.clock)) return { result: 'lease-expired' };
    job.onProgress('read-back', 1);
    this.written.push(serial);
    await job.journal.put({ ...entry, phase: 'written', imageDigest: 'a'.repeat(64) });
    return { result: 'written' };
  }
}
