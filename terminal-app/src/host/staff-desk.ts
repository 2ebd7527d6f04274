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
import { handOut, type HandOutView, type WaitingCashList } from '@bianmin/purchase/api/hand-out';
import { minutesToWait } from '@bianmin/purchase/purchase/minutes';
import type {
  HandOutAnswer,
  StaffAnswer,
  StaffEntry,
  StaffFault,
  StaffHandOut,
  StaffOrdersQuery,
  StaffView,
} from '../ipc/staff.ts';

/** What the desk asks of the server; `ticket` is what `enter` gave. */
export interface StaffApi {
  enter(entry: StaffEntry): Promise<CounterSession>;
  leave(ticket: string): Promise<void>;
  orders(ticket: string, query: StaffOrdersQuery): Promise<CounterOrders>;
  order(ticket: string, orderNo: string): Promise<CounterOrderDetail>;
  takings(ticket: string): Promise<CounterTakings>;
  waiting(ticket: string): Promise<WaitingCashList>;
  handOut(ticket: string, request: StaffHandOut): Promise<HandOutView>;
  report(report: Diagnostics): Promise<ReportSent>;
}

/** The machine that the desk stands at. */
export interface DeskMachine {
  look(): Promise<Diagnostics>;
  /** Whether the server could not be reached when it was last asked. */
  isAway(): boolean;
}

/** As long as the server keeps a ticket that is not used. */
const IDLE_MS = 10 * 60_000;

/** What each code of the server means to staff. */
const FAULTS: Readonly<Record<string, StaffFault>> = {
  'server.unavailable': 'away',
  'float.bad-pin': 'bad-pin',
  'request.rate-limited': 'locked',
  'auth.forbidden': 'not-allowed',
  'staff.session-over': 'ended',
  'float.none': 'no-float',
  'order.not-found': 'not-found',
  'refund.not-found': 'not-found',
  'refund.no-cash-owed': 'nothing-owed',
  'refund.slip-used': 'slip-used',
};

/**
 * Staff mode's host side: holds the ticket that stands for the PIN, and nothing else; what staff look at is asked of the
 * server each time. A card that was not expected ends it, so that no resident finds it open behind their purchase.
 */
export class StaffDesk {
  readonly #api: StaffApi;
  readonly #machine: DeskMachine;
  readonly #clock: Clock;
  readonly #onView: (view: StaffView) => void;
  readonly #onFault: (where: string, error: unknown) => void;
  #session: CounterSession | undefined;
  #expecting: string | null = null;
  #busy = false;
  #idle = new AbortController();

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
    const { staff, may, orders } = this.#session;
    return { state: 'in', covered: this.#busy, staff, may, orders, expecting: this.#expecting };
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
    this.#session = answer.value;
    this.#expecting = null;
    this.#used();
    this.#tell();
    return { ok: true, value: null };
  }

  leave(): void {
    if (this.#session === undefined) return;
    this.#endAtServer(this.#session.ticket);
    this.#forget();
  }

  orders(query: StaffOrdersQuery): Promise<StaffAnswer<CounterOrders>> {
    return this.#with((ticket) => this.#api.orders(ticket, query));
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
  handOut(request: StaffHandOut): Promise<StaffAnswer<HandOutAnswer>> {
    return this.#with(async (ticket) => {
      try {
        return { is: 'written', handOut: await this.#api.handOut(ticket, request) };
      } catch (error) {
        const before = beforeOf(error);
        if (before === undefined) throw error;
        return { is: 'before', handOut: before };
      }
    });
  }

  /**
   * How the machine is. Without the server staff cannot sign in, and that is when it is needed most: then all
   * who ask are told. Nothing of a person is in it.
   */
  async diagnostics(): Promise<StaffAnswer<Diagnostics>> {
    if (this.#session === undefined && !this.#machine.isAway()) return { ok: false, fault: 'ended' };
    if (this.#session !== undefined) this.#used();
    return this.#asked(() => this.#machine.look());
  }

  /** Sends it, and gives the number to read out. */
  report(): Promise<StaffAnswer<ReportSent>> {
    return this.#with(async () => this.#api.report(await this.#machine.look()));
  }

  /** The card of this order comes next; null: none does. */
  expect(orderNo: string | null): void {
    if (this.#session === undefined || this.#busy) return;
    this.#expecting = orderNo;
    this.#used();
    this.#tell();
  }

  /** Whether a resident is being served at the screen. */
  serving(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    if (busy && this.#session !== undefined && this.#expecting === null) {
      this.leave();
      return;
    }
    if (!busy) this.#expecting = null;
    this.#tell();
  }

  stop(): void {
    this.leave();
  }

  async #with<T>(ask: (ticket: string) => Promise<T>): Promise<StaffAnswer<T>> {
    const session = this.#session;
    if (session === undefined) return { ok: false, fault: 'ended' };
    this.#used();
    const answer = await this.#asked(() => ask(session.ticket));
    if (!answer.ok && answer.fault === 'ended' && this.#session === session) this.#forget();
    return answer;
  }

  async #asked<T>(ask: () => Promise<T>): Promise<StaffAnswer<T>> {
    try {
      return { ok: true, value: await ask() };
    } catch (error) {
      const fault = FAULTS[codeOf(error) ?? ''] ?? 'failed';
      if (fault === 'failed') this.#onFault('staff', error);
      const waitMs = error instanceof ApiError ? error.retryAfterMs : undefined;
      if (fault !== 'locked' || waitMs === undefined) return { ok: false, fault };
      return { ok: false, fault, waitMinutes: minutesToWait(waitMs) };
    }
  }

  /** Counts the idle time anew. */
  #used(): void {
    this.#idle.abort();
    const idle = new AbortController();
    this.#idle = idle;
    this.#clock.sleep(IDLE_MS, idle.signal).then(
      () => {
        this.leave();
      },
      // Used again, or left.
      () => undefined,
    );
  }

  #forget(): void {
    this.#idle.abort();
    this.#session = undefined;
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

function beforeOf(error: unknown): HandOutView | undefined {
  if (!(error instanceof ApiError) || error.code !== 'refund.handed-out') return undefined;
  return handOut.safeParse(error.present).data;
}
