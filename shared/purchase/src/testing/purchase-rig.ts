import { ManualClock, settled } from '@bianmin/card/testing/manual-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { FakeSlot, FakeSlots } from '@bianmin/card/testing/fake-slots';
import { PurchaseFlow } from '../purchase/flow.ts';
import type { PurchaseTimings } from '../purchase/timings.ts';
import type { PurchaseView } from '../purchase/view.ts';
import type { CashBy } from '../purchase/cash-step.ts';
import type { CashOffer } from '../api/float.ts';
import { FakePurchaseServer } from './fake-purchase-server.ts';
import { FakeCards } from './fake-cards.ts';
import { FAKE_STAFF } from './fake-counter.ts';
import { fault } from './fake-order-book.ts';

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
  /** What each of them was. */
  readonly errors: unknown[] = [];
  #keys = 0;
  /** Of whoever is signed in at the desk. */
  #ticket: string | undefined;

  constructor(init: { journal?: MemoryJournal; timings?: Partial<PurchaseTimings> } = {}) {
    this.journal = init.journal ?? new MemoryJournal();
    this.flow = new PurchaseFlow({
      slots: this.slots,
      api: this.server,
      offerCash: (orderNo, by) => this.#offerCash(orderNo, by),
      feed: this.server,
      journal: this.journal,
      clock: this.clock,
      cards: this.cards,
      unseal: (jwe) => Promise.resolve(jwe),
      settings: { entry: 'kiosk', channel: 'wechat' },
      newKey: () => `00000000-0000-4000-8000-${String(++this.#keys).padStart(12, '0')}`,
      onFault: (where, error) => {
        this.faults.push(where);
        this.errors.push(error);
      },
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

  /** Staff sign in for their shift, and are at the desk. */
  signIn(): void {
    this.#ticket = this.server.counter.enter(FAKE_STAFF);
    this.flow.assist(true);
  }

  /** As the host does: cash belongs to a shift, whoever says who they are. */
  async #offerCash(orderNo: string, by: CashBy): Promise<CashOffer> {
    if ('staff' in by) this.#ticket = this.server.counter.enter(by);
    if (this.#ticket === undefined) throw fault('shift.none');
    const pin = by.pin === undefined ? {} : { pin: by.pin };
    return this.server.offerCash(orderNo, { shift: this.#ticket, ...pin });
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
