import type { Clock } from '@bianmin/card/clock';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../orders/store/order-changes.ts';
import { LookBack } from '../../orders/store/look-back.ts';
import { readChanges } from '../../orders/store/read-changes.ts';
import type { Books } from '../ledger/add-or-report.ts';
import { OrderPoster } from '../ledger/order-poster.ts';
import { accrualPostingsOf } from './accruals.ts';
import type { CommissionRuleStore } from './rule-store.ts';

/** Its mark's name. */
const COMMISSION_MARK = 'commission';

export interface CommissionProjectorInit extends Books {
  readonly orders: OrderChanges;
  readonly rules: Pick<CommissionRuleStore, 'all'>;
  readonly marks: MarkStore;
  readonly clock: Clock;
}

/**
 * Posts what orders' sales earn. Apart from what posts payers' money, so that no rule ever stands in its way; like that it reads
 * from a durable mark, and may stop anywhere, begin again, and run twice at once.
 */
export class CommissionProjector {
  readonly #init: CommissionProjectorInit;
  readonly #poster: OrderPoster<ChangedOrder>;
  readonly #back: LookBack;

  constructor(init: CommissionProjectorInit) {
    this.#init = init;
    this.#poster = new OrderPoster(init);
    this.#back = new LookBack(init.clock);
  }

  /** Everything that changed up to now; gives how many postings were new. */
  async round(): Promise<number> {
    const { orders: changes, marks, rules: store, clock } = this.#init;
    const began = new Date(clock.now());
    const rules = await store.all();
    if (rules.length === 0) {
      // A rule holds from a day that has not begun: nothing that changed until now can earn by one.
      await marks.advance(COMMISSION_MARK, { at: began, orderNo: '' });
      return 0;
    }
    let added = 0;
    const from = { changes, marks, name: COMMISSION_MARK, backMs: this.#back.nextMs() };
    await readChanges(from, async (orders) => {
      added += await this.#poster.post(orders, (order) => accrualPostingsOf(order, rules));
    });
    return added;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: 'commissions', everyMs, clock, log });
  }
}
