import type { History, Purchase, PurchaseOutcome } from '@bianmin/shared/api/home';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrderStore } from '../store/orders.ts';
import type { CardSessions } from './card-session.ts';
import { isInMeter } from '../model/moves/meter.ts';
import type { Order } from '../model/order.ts';

/** Purchases in one answer. */
export const HISTORY_PAGE = 20;

/** Whose purchases: the name tells a new tenant from the one before, who had the same number. */
export interface HouseholdOf {
  readonly customerNo: string;
  readonly maskedName: string;
}

/** What a household bought. The caller has made sure that the terminal may see it. */
export class HouseholdHistory {
  readonly #grid: string;
  readonly #store: OrderStore;
  readonly #sessions: CardSessions;

  constructor(init: { grid: string; store: OrderStore; sessions: CardSessions }) {
    this.#grid = init.grid;
    this.#store = init.store;
    this.#sessions = init.sessions;
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
    return this.of({ customerNo: session.customerNo, maskedName: session.masked.name }, before);
  }

  /** Newest first; `before`: the oldest that is known already. */
  async of(household: HouseholdOf, before?: string): Promise<History> {
    const found = await this.#store.purchasesOf(
      { grid: this.#grid, ...household },
      { limit: HISTORY_PAGE + 1, ...(before === undefined ? {} : { before }) },
    );
    const page = found.slice(0, HISTORY_PAGE);
    return {
      purchases: page.map(purchaseOf),
      next: found.length > page.length ? (page.at(-1)?._id ?? null) : null,
    };
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
