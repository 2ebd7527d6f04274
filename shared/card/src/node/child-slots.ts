import type { Clock } from '../clock.ts';
import { ReaderError, unplugged } from '../reader/error.ts';
import { Listeners } from '../reader/listeners.ts';
import type { Readers } from '../reader/readers.ts';
import type { CardSlot } from '../reader/slot.ts';
import { Stop } from '../stop.ts';
import { ChildSlot } from './child-slot.ts';
import { DEVICE_PULSE, devicePauseMs, GuardedChild } from './guarded-child.ts';
import type { ChildLoss, ChildSaid, Pulse, ReaderChild } from './guarded-child.ts';
import { slotMessage } from './slot-messages.ts';
import type { SlotMessage } from './slot-messages.ts';
import { errorOf } from './travelled-error.ts';

export interface ChildSlotsInit {
  readonly clock: Clock;
  readonly start: () => ReaderChild;
  readonly onFault: (where: string, error: unknown) => void;
  /** From the n-th loss in a row to the next child, ms. */
  readonly pauseMs?: (n: number) => number;
  readonly pulse?: Pulse;
}

/** A child that has not tried its readers by then hangs. */
const READY_MS = 20_000;
/** Who opens the readers goes on without them after this: they come when they come. */
const OPEN_MS = 10_000;
/** Cards lose their power and readers are let go in this time, or the child is ended without. */
const CLOSE_MS = 3_000;

type Answer = Extract<SlotMessage, { type: 'done' | 'failed' }>;
type News = Exclude<SlotMessage, { type: 'done' | 'failed' | 'ready' | 'alive' | 'unavailable' }>;

/**
 * The readers that a process of their own drives. Fails with what that process says where there is nothing to drive. A child that
 * is lost takes its readers with it, as if they were unplugged; the next child brings them back.
 */
export async function openChildSlots(init: ChildSlotsInit): Promise<Readers> {
  const readers = new ChildReaders(init);
  await readers.begin();
  return readers;
}

class ChildReaders implements Readers {
  readonly #init: ChildSlotsInit;
  readonly #child: GuardedChild<Answer, News>;
  readonly #listeners = new Listeners<undefined>();
  readonly #slots = new Map<number, ChildSlot>();
  #unavailable: Error | undefined;
  #closed = false;

  constructor(init: ChildSlotsInit) {
    this.#init = init;
    this.#child = new GuardedChild({
      clock: init.clock,
      start: init.start,
      sort: (raw) => this.#sort(raw),
      hear: (news) => {
        this.#hear(news);
      },
      onLost: (loss) => {
        this.#lose(loss);
      },
      readyMs: READY_MS,
      pauseMs: init.pauseMs ?? devicePauseMs,
      pulse: init.pulse ?? DEVICE_PULSE,
    });
  }

  async begin(): Promise<void> {
    let isOpen = false;
    const first = this.#child.begin().then((isReady) => {
      if (isReady || (this.#unavailable !== undefined && !isOpen)) return;
      this.#tell('ended');
      void this.#child.again();
    });
    const timer = new Stop();
    await Promise.race([first, this.#init.clock.sleep(OPEN_MS, timer.signal).catch(() => undefined)]);
    timer.stop();
    if (this.#unavailable === undefined) {
      isOpen = true;
      return;
    }
    this.#child.close();
    throw this.#unavailable;
  }

  slots(): readonly CardSlot[] {
    return [...this.#slots.values()];
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners.clear();
    await this.#child.ask({ op: 'close' }, CLOSE_MS);
    this.#child.close();
  }

  #sort(raw: unknown): ChildSaid<Answer, News> {
    const message = slotMessage.parse(raw);
    switch (message.type) {
      case 'ready':
      case 'alive':
        return message.type;
      case 'unavailable':
        this.#unavailable = errorOf(message.failure);
        return 'unready';
      case 'done':
      case 'failed':
        return { answer: message };
      default:
        return { news: message };
    }
  }

  #hear(news: News): void {
    switch (news.type) {
      case 'slot':
        this.#slots.set(news.slot, new ChildSlot(news, (request, limitMs) => this.#ask(request, limitMs)));
        this.#listeners.emit(undefined);
        return;
      case 'slot-gone': {
        const slot = this.#slots.get(news.slot);
        this.#slots.delete(news.slot);
        slot?.lose();
        slot?.tell(false);
        this.#listeners.emit(undefined);
        return;
      }
      case 'presence':
        this.#slots.get(news.slot)?.tell(news.present);
        return;
      case 'fault':
        this.#init.onFault(news.where, errorOf(news.failure));
    }
  }

  async #ask(request: object, limitMs: number): Promise<Extract<Answer, { type: 'done' }>> {
    const answer = await this.#child.ask(request, limitMs);
    if (answer === 'lost') throw unplugged();
    if (answer === 'late') {
      throw new ReaderError({
        code: 'reader.timeout',
        message: 'The card takes too long; take it out and put it in again.',
      });
    }
    if (answer.type === 'failed') throw errorOf(answer.failure);
    return answer;
  }

  #lose(loss: ChildLoss): void {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    for (const slot of slots) slot.lose();
    if (this.#closed) return;
    this.#tell(loss);
    const tell = (): void => {
      for (const slot of slots) slot.tell(false);
      this.#listeners.emit(undefined);
    };
    // Heard after the time-out, which says more than that the reader is away.
    if (loss === 'late') setImmediate(tell);
    else tell();
  }

  #tell(loss: ChildLoss): void {
    const message =
      'The program that drives the readers was lost and is started again; change a reader that does this often.';
    this.#init.onFault('readers', new ReaderError({ code: 'reader.gone', message, context: { loss } }));
  }
}
