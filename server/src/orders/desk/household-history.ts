import type { Clock } from '@bianmin/card/clock';
import type { History, Purchase, PurchaseOutcome } from '@bianmin/purchase/api/home';
import { ProblemError } from '../../kernel/problem.ts';
import type { HouseholdAtGrid, OrderStore } from '../store/orders.ts';
import type { MeterReadings } from './meter-readings.ts';
import type { CardSessions } from './card-session.ts';
import { isInMeter } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';

/** Purchases in one answer. */
export const HISTORY_PAGE = 20;

/** So long a household waits for its meter at most, ms: what it says later is shown at the next look. */
export const METER_WAIT_MS = 3_000;

/** Whose purchases: a new holder of the account sees none of the former one's. */
export type HouseholdOf = Omit<HouseholdAtGrid, 'grid'>;

/** What a household bought. The caller has made sure that the terminal may see it. */
export class HouseholdHistory {
  readonly #grid: string;
  readonly #store: OrderStore;
  readonly #sessions: CardSessions;
  readonly #readings: Pick<MeterReadings, 'of'>;
  readonly #clock: Clock;

  constructor(init: {
    grid: string;
    store: OrderStore;
    sessions: CardSessions;
    readings: Pick<MeterReadings, 'of'>;
    clock: Clock;
  }) {
    this.#grid = init.grid;
    this.#store = init.store;
    this.#sessions = init.sessions;
    this.#readings = init.readings;
    this.#clock = init.clock;
  }

  /** Of the card that this terminal has just read. Throws `card.session-expired`. */
  async ofCard(terminalId: string, cardSession: string, before?: string): Promise<History> {
    const session = await this.#sessions.find(cardSession, terminalId);
    if (session === null) {
      throw new ProblemError({
        code: 'card.session-expired',
        message: 'The card was read too long ago, or at another terminal. Identify it again.',
      });
    }
    const { customerNo, masked, holder } = session;
    const held = holder === undefined ? {} : { holder };
    return this.of({ customerNo, maskedName: masked.name, ...held }, before);
  }

  /** Newest first; `before`: the oldest that is known already. The meter is asked where the newest may not be in it. */
  async of(household: HouseholdOf, before?: string): Promise<History> {
    let found = await this.#find(household, before);
    const [newest] = found;
    if (before === undefined && newest !== undefined && outcomeOf(newest) === 'on-card') {
      await this.#ask(newest);
      found = await this.#find(household, before);
    }
    const page = found.slice(0, HISTORY_PAGE);
    return {
      purchases: page.map(purchaseOf),
      next: found.length > page.length ? (page.at(-1)?._id ?? null) : null,
    };
  }

  #find(household: HouseholdOf, before: string | undefined): Promise<Order[]> {
    return this.#store.purchasesOf(
      { grid: this.#grid, ...household },
      { limit: HISTORY_PAGE + 1, ...(before === undefined ? {} : { before }) },
    );
  }

  async #ask(order: Order): Promise<void> {
    const heard = new AbortController();
    const asked = this.#readings.of(order).finally(() => {
      heard.abort();
    });
    await Promise.race([asked, this.#clock.sleep(METER_WAIT_MS, heard.signal).catch(() => undefined)]);
  }
}

function purchaseOf(order: Order): Purchase {
  const { _id, createdAt, faceFen, sale, kind, entry } = order;
  return {
    orderNo: _id,
    at: createdAt.toISOString(),
    faceFen,
    creditFen: sale.status === 'sold' ? (sale.creditFen ?? null) : null,
    kind,
    entry,
    outcome: outcomeOf(order),
  };
}

/** In a household's terms: where the electricity is, or the money. */
export function outcomeOf(order: Pick<Order, 'state' | 'credit' | 'meter' | 'events'>): PurchaseOutcome {
  const { state, credit } = order;
  switch (state) {
    case 'done':
      return credit.status === 'credited' || isInMeter(order) ? 'on-meter' : 'on-card';
    case 'refunding':
    case 'refunded':
      return state;
    case 'write-failed':
    case 'attention':
      return 'looked-at';
    case 'created':
    case 'paying':
    case 'closed':
    case 'paid':
    case 'grid-silent':
    case 'sold':
    case 'writing':
    case 'crediting':
    case 'credit-failed':
      return 'waiting';
  }
}
