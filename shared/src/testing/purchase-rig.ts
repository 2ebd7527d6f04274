import { CodedError } from '../errors.ts';
import { PurchaseFlow } from '../purchase/flow.ts';
import type { CardWork, OpenCard, SlotSource, WriteJob, WriteOutcome } from '../purchase/ports.ts';
import type { PurchaseTimings } from '../purchase/state.ts';
import type { PurchaseView } from '../purchase/view.ts';
import { ReaderError } from '../reader/error.ts';
import type { CardSession, CardSlot } from '../reader/slot.ts';
import { FakePurchaseServer } from './fake-purchase-server.ts';
import { ManualClock, settled } from './manual-clock.ts';
import { MemoryJournal } from './memory-journal.ts';

/** A slot that a test's hand puts cards in; a card is its serial. */
export class FakeSlot implements CardSlot {
  readonly name: string;
  readonly model = { id: 'fake', name: 'Fake', vendorId: 0, productId: 0 };
  serial: string | undefined;
  readonly #listeners = new Set<(present: boolean) => void>();

  constructor(name = 'Fake reader') {
    this.name = name;
  }

  insert(serial: string): void {
    this.serial = serial;
    for (const listener of [...this.#listeners]) listener(true);
  }

  remove(): void {
    this.serial = undefined;
    for (const listener of [...this.#listeners]) listener(false);
  }

  present(): Promise<boolean> {
    return Promise.resolve(this.serial !== undefined);
  }

  onChange(listener: (present: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  open(): Promise<CardSession> {
    return Promise.reject(
      new ReaderError({ code: 'reader.unsupported', message: 'A fake slot has no chip.' }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export class FakeSlots implements SlotSource {
  readonly list: FakeSlot[] = [];
  readonly #listeners = new Set<() => void>();

  slots(): readonly CardSlot[] {
    return this.list;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  plug(slot: FakeSlot): void {
    this.list.push(slot);
    for (const listener of [...this.#listeners]) listener();
  }

  unplug(slot: FakeSlot): void {
    this.list.splice(this.list.indexOf(slot), 1);
    for (const listener of [...this.#listeners]) listener();
  }
}

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
      lease: job.lease,
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
    if (job.clock.monotonic() >= job.leaseEndsAt) return { result: 'lease-expired' };
    job.onProgress('read-back', 1);
    this.written.push(serial);
    await job.journal.put({ ...entry, phase: 'written', imageDigest: 'a'.repeat(64) });
    return { result: 'written' };
  }
}

/** A purchase flow with everything around it in a test's hands. */
export class PurchaseRig {
  readonly clock = new ManualClock();
  readonly server = new FakePurchaseServer(this.clock);
  readonly slots = new FakeSlots();
  readonly slot = new FakeSlot();
  readonly cards = new FakeCards();
  readonly journal: MemoryJournal;
  readonly flow: PurchaseFlow;
  /** Every view shown, the first included. */
  readonly seen: PurchaseView[] = [];
  readonly faults: string[] = [];
  #keys = 0;

  constructor(init: { journal?: MemoryJournal; timings?: Partial<PurchaseTimings> } = {}) {
    this.journal = init.journal ?? new MemoryJournal();
    this.flow = new PurchaseFlow({
      slots: this.slots,
      api: this.server,
      feed: this.server,
      journal: this.journal,
      clock: this.clock,
      cards: this.cards,
      unseal: (jwe) => Promise.resolve(jwe),
      settings: { entry: 'kiosk', channel: 'wechat' },
      newKey: () => `00000000-0000-4000-8000-${String(++this.#keys).padStart(12, '0')}`,
      onFault: (where) => this.faults.push(where),
      ...(init.timings === undefined ? {} : { timings: init.timings }),
    });
    this.flow.onView((view) => this.seen.push(view));
  }

  get view(): PurchaseView {
    return this.flow.view;
  }

  /** Starts with the reader plugged in. */
  async start(): Promise<this> {
    this.slots.plug(this.slot);
    await this.flow.start();
    await settled();
    return this;
  }

  async insert(serial = CARD): Promise<void> {
    this.slot.insert(serial);
    await settled();
  }

  async remove(): Promise<void> {
    this.slot.remove();
    await settled();
  }

  async command(...commands: Parameters<PurchaseFlow['command']>): Promise<void> {
    this.flow.command(...commands);
    await settled();
  }

  /** From an empty slot to a code on the screen. */
  async toPay(serial = CARD): Promise<string> {
    await this.insert(serial);
    await this.command({ type: 'confirm-card' });
    await this.command({ type: 'choose-amount', faceFen: 5000 });
    return this.server.last.orderNo;
  }

  /** On to a paid order that the grid has not sold yet. */
  async toPaid(serial = CARD): Promise<string> {
    const orderNo = await this.toPay(serial);
    this.server.pay(orderNo);
    await settled();
    return orderNo;
  }

  async sell(orderNo: string): Promise<void> {
    this.server.move(orderNo, 'sold');
    await settled();
  }
}

export const CARD = '6501000000000001';
export const OTHER_CARD = '6501000000000002';
