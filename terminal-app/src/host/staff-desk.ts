import type { Clock } from '@bianmin/card/clock';
import { codeOf } from '@bianmin/card/errors';
import type {
  CounterOrderDetail,
  CounterOrders,
  CounterSession,
  CounterTakings,
} from '@bianmin/purchase/api/counter';
import { ApiError } from '@bianmin/purchase/api/client-error';
import type { Diagnostics, ReportSent } from '@bianmin/purchase/api/diagnostics';
import type { CashOffer } from '@bianmin/purchase/api/float';
import { handOut, type HandOutView, type WaitingCashList } from '@bianmin/purchase/api/hand-out';
import type { ClosedShift, OpenShift } from '@bianmin/purchase/api/shift';
import type { CashBy } from '@bianmin/purchase/purchase/cash-step';
import type { PurchaseView } from '@bianmin/purchase/purchase/view';
import type {
  HandOutAnswer,
  StaffAnswer,
  StaffClose,
  StaffEntry,
  StaffHandOut,
  StaffOrdersQuery,
  StaffView,
} from '../ipc/staff.ts';
import { staffAnswer } from './staff-answer.ts';
import type { StaffApi } from './staff-api.ts';

/** The machine that the desk stands at. */
export interface DeskMachine {
  look(): Promise<Diagnostics>;
  /** Whether the server could not be reached when it was last asked. */
  isAway(): boolean;
  /** Serial of the card that is being asked about. */
  cardSerial(): string | null;
}

/** Purchases of a card that staff see beside it. */
const LAST_OF_CARD = 5;

/**
 * Staff mode's host side: holds the ticket that stands for the PIN, and nothing else; what staff look at is asked of the
 * server each time. A card that is put in while they are at the desk is a household that they help, and the desk is back after
 * it. Where they do nothing for long they are aside: the screen is residents' until the PIN is said again.
 */
export class StaffDesk {
  readonly #api: StaffApi;
  readonly #machine: DeskMachine;
  readonly #clock: Clock;
  readonly #onView: (view: StaffView) => void;
  readonly #onFault: (where: string, error: unknown) => void;
  #session: CounterSession | undefined;
  #at: 'desk' | 'aside' = 'desk';
  #closed: ClosedShift | undefined;
  #expecting: string | null = null;
  #busy = false;
  /** Staff were at the desk when this purchase began. */
  #helping = false;
  #takesCash = false;
  /** The last order that was paid in cash. */
  #paid: string | undefined;
  #idle = new AbortController();
  /** When the server was last asked, on the monotonic clock, ms. */
  #askedAt = -Infinity;

  constructor(init: {
    api: StaffApi;
    machine: DeskMachine;
    clock: Clock;
    onView: (view: StaffView) => void;
    onFault: (where: string, error: unknown) => void;
  }) {
    this.#api = init.api;
    this.#machine = init.machine;
    this.#clock = init.clock;
    this.#onView = init.onView;
    this.#onFault = init.onFault;
  }

  get view(): StaffView {
    if (this.#session === undefined) return { state: 'out', mayEnter: !this.#busy };
    const { staff, may, orders, shift, pinAfterMs, pinAboveFen } = this.#session;
    if (this.#at === 'aside') return { state: 'in', at: 'aside', mayEnter: !this.#busy, staff };
    return {
      ...{ state: 'in', at: 'desk', covered: this.#busy, expecting: this.#expecting },
      ...{ staff, may, orders, shift, pinAfterMs, pinAboveFen },
    };
  }

  get isOpen(): boolean {
    return this.#session !== undefined && this.#at === 'desk';
  }

  /** The shift that was closed here and whose slip may be printed. */
  get closed(): ClosedShift | undefined {
    return this.isOpen ? this.#closed : undefined;
  }

  /** The PIN is passed on and forgotten. */
  async enter(entry: StaffEntry): Promise<StaffAnswer<null>> {
    if (this.#busy) return { ok: false, fault: 'not-allowed' };
    const answer = await this.#asked(() => this.#api.enter(entry));
    if (!answer.ok) return answer;
    // A card was put in meanwhile: the screen is its household's.
    if (this.#busy) {
      this.#endAtServer(answer.value.ticket);
      return { ok: false, fault: 'ended' };
    }
    this.#begin(answer.value, 'desk');
    return { ok: true, value: null };
  }

  /** Back from aside. */
  async pin(pin: string): Promise<StaffAnswer<null>> {
    const session = this.#session;
    if (session === undefined) return { ok: false, fault: 'ended' };
    if (this.#busy) return { ok: false, fault: 'not-allowed' };
    const answer = await this.#asked(() => this.#api.pin(session.ticket, pin));
    if (!answer.ok) {
      if (answer.fault === 'ended') this.#forget(session.ticket);
      return answer;
    }
    // A card was put in meanwhile: the screen is its household's.
    if (this.#busy || this.#session?.ticket !== session.ticket) return { ok: false, fault: 'not-allowed' };
    this.#begin(this.#session, 'desk');
    void this.#recount();
    return { ok: true, value: null };
  }

  /** The shift goes on; nothing of staff is on the screen. */
  aside(): void {
    if (!this.isOpen || this.#takesCash) return;
    // Nothing is left to come back to.
    if (this.#closed !== undefined) {
      this.leave();
      return;
    }
    this.#at = 'aside';
    this.#expecting = null;
    this.#idle.abort();
    this.#tell();
  }

  touch(): void {
    this.#seen();
  }

  leave(): void {
    if (this.#session === undefined) return;
    this.#endAtServer(this.#session.ticket);
    this.#forget();
  }

  orders(query: StaffOrdersQuery): Promise<StaffAnswer<CounterOrders>> {
    return this.#with((ticket) => this.#api.orders(ticket, query));
  }

  /** Of the card that is in; none where none is. */
  cardOrders(): Promise<StaffAnswer<CounterOrders>> {
    return this.#with((ticket) => {
      const key = this.#machine.cardSerial();
      if (key === null) return Promise.resolve({ orders: [], next: null });
      return this.#api.orders(ticket, { list: 'recent', key, limit: LAST_OF_CARD });
    });
  }

  order(orderNo: string): Promise<StaffAnswer<CounterOrderDetail>> {
    return this.#with((ticket) => this.#api.order(ticket, orderNo));
  }

  takings(): Promise<StaffAnswer<CounterTakings>> {
    return this.#with((ticket) => this.#api.takings(ticket));
  }

  waiting(): Promise<StaffAnswer<WaitingCashList>> {
    return this.#with((ticket) => this.#api.waiting(ticket));
  }

  /** That another clerk was faster is an answer, too: it says who, when and on which slip. */
  async handOut(request: StaffHandOut): Promise<StaffAnswer<HandOutAnswer>> {
    const answer = await this.#with<HandOutAnswer>(async (ticket) => {
      try {
        return { is: 'written', handOut: await this.#api.handOut(ticket, request) };
      } catch (error) {
        const before = beforeOf(error);
        if (before === undefined) throw error;
        return { is: 'before', handOut: before };
      }
    });
    if (answer.ok) void this.#recount();
    return answer;
  }

  /** Closes a shift of theirs; asked again after no answer it tells what there is. */
  close(request: StaffClose): Promise<StaffAnswer<ClosedShift>> {
    return this.#with(async (ticket) => {
      const closed = await this.#api.close(ticket, request);
      this.#closed = closed;
      this.#know(ticket, null);
      return closed;
    });
  }

  /** Whether this person may take the cash of this order. By number and PIN they sign in: their shift takes it. */
  async offerCash(orderNo: string, by: CashBy): Promise<CashOffer> {
    // Who helped is at the desk again; at a resident's own purchase nothing of staff is shown.
    if ('staff' in by) this.#begin(await this.#api.enter(by), this.#helping ? 'desk' : 'aside');
    const session = this.#session;
    if (session === undefined || (session.shift === null && !('staff' in by))) throw noShift();
    const { ticket } = session;
    this.#askedAt = this.#clock.monotonic();
    const pin = by.pin === undefined ? {} : { pin: by.pin };
    try {
      return await this.#api.offerCash(orderNo, { shift: ticket, ...pin });
    } catch (error) {
      if (codeOf(error) === 'staff.session-over') this.#forget(ticket);
      if (codeOf(error) === 'shift.none') this.#know(ticket, null);
      throw error;
    }
  }

  /**
   * How the machine is. Without the server staff cannot sign in, and that is when it is needed most: then all
   * who ask are told. Nothing of a person is in it.
   */
  async diagnostics(): Promise<StaffAnswer<Diagnostics>> {
    if (!this.isOpen && !this.#machine.isAway()) return { ok: false, fault: 'ended' };
    this.#used();
    return this.#asked(() => this.#machine.look());
  }

  /** Sends it, and gives the number to read out. */
  report(): Promise<StaffAnswer<ReportSent>> {
    return this.#with(async () => this.#api.report(await this.#machine.look()));
  }

  /** The card of this order comes next; null: none does. */
  expect(orderNo: string | null): void {
    if (!this.isOpen || this.#busy) return;
    this.#expecting = orderNo;
    this.#used();
    this.#tell();
  }

  /** What is on the screen, and whether somebody is served at it. */
  follow(view: PurchaseView, busy: boolean): void {
    this.#takesCash = view.screen.startsWith('cash-') || (view.screen === 'pay' && view.cashAsked === true);
    if (view.cash?.says === 'paid' && 'orderNo' in view && view.orderNo !== null) this.#paidIn(view.orderNo);
    if (busy === this.#busy) return;
    this.#busy = busy;
    const helped = this.#helping;
    this.#helping = busy && this.isOpen;
    if (busy && this.#closed !== undefined) {
      this.leave();
      return;
    }
    if (!busy) this.#expecting = null;
    this.#seen();
    this.#tell();
    if (helped && !busy) void this.#recount();
  }

  stop(): void {
    this.leave();
  }

  #paidIn(orderNo: string): void {
    if (orderNo === this.#paid) return;
    this.#paid = orderNo;
    void this.#recount();
  }

  #begin(session: CounterSession, at: 'desk' | 'aside'): void {
    const before = this.#session?.ticket;
    if (before !== undefined && before !== session.ticket) this.#endAtServer(before);
    this.#askedAt = this.#clock.monotonic();
    this.#session = session;
    this.#at = at;
    this.#expecting = null;
    this.#closed = undefined;
    this.#used();
    this.#tell();
  }

  async #with<T>(ask: (ticket: string) => Promise<T>): Promise<StaffAnswer<T>> {
    const session = this.#session;
    if (session === undefined || !this.isOpen) return { ok: false, fault: 'ended' };
    this.#used();
    const answer = await this.#asked(() => ask(session.ticket));
    if (answer.ok) return answer;
    if (answer.fault === 'ended') this.#forget(session.ticket);
    // In the middle of a purchase it is asked for where cash is taken.
    if (answer.fault === 'pin-needed' && !this.#busy && this.#session?.ticket === session.ticket)
      this.aside();
    return answer;
  }

  #asked<T>(ask: () => Promise<T>): Promise<StaffAnswer<T>> {
    this.#askedAt = this.#clock.monotonic();
    return staffAnswer(ask, (error) => {
      this.#onFault('staff', error);
    });
  }

  /** What the shift took until now; where it cannot be had, what was known stays. */
  async #recount(): Promise<void> {
    const session = this.#session;
    if (session === undefined || session.shift === null) return;
    const answer = await this.#asked(() => this.#api.shift(session.ticket));
    if (answer.ok) this.#know(session.ticket, answer.value);
  }

  #know(ticket: string, shift: OpenShift | null): void {
    if (this.#session?.ticket !== ticket) return;
    this.#session = { ...this.#session, shift };
    this.#tell();
  }

  /** They are there; the server, which sees no touches and no cards, is asked now and then so that it knows, too. */
  #seen(): void {
    this.#used();
    if (!this.isOpen || this.#session === undefined) return;
    if (this.#clock.monotonic() - this.#askedAt >= this.#session.pinAfterMs / 2) void this.#recount();
  }

  /** Counts the idle time anew. */
  #used(): void {
    this.#idle.abort();
    if (this.#session === undefined || this.#at === 'aside') return;
    const idle = new AbortController();
    this.#idle = idle;
    this.#clock.sleep(this.#session.pinAfterMs, idle.signal).then(
      () => {
        // Cash lies on the counter: they are there.
        if (this.#takesCash) this.#used();
        else this.aside();
      },
      // Used again, or left.
      () => undefined,
    );
  }

  /** `ticket`: of which session; absent: of whichever there is. */
  #forget(ticket = this.#session?.ticket): void {
    if (this.#session?.ticket !== ticket) return;
    this.#idle.abort();
    this.#session = undefined;
    this.#at = 'desk';
    this.#closed = undefined;
    this.#expecting = null;
    this.#tell();
  }

  /** Where it cannot be told, the ticket runs out by itself. */
  #endAtServer(ticket: string): void {
    this.#api.leave(ticket).catch(() => undefined);
  }

  #tell(): void {
    this.#onView(this.view);
  }
}

function noShift(): ApiError {
  return new ApiError({
    ...{ code: 'shift.none', status: 409 },
    message: 'Nobody at this terminal has a shift. Sign in by staff number and PIN.',
  });
}

function beforeOf(error: unknown): HandOutView | undefined {
  if (!(error instanceof ApiError) || error.code !== 'refund.handed-out') return undefined;
  return handOut.safeParse(error.present).data;
}
