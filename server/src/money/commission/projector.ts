import type { Clock } from '@bianmin/card/clock';
import { startRounds } from '../../adapters/queue/rounds.ts';
import type { MarkStore } from '../../orders/store/marks.ts';
import type { ChangedOrder, OrderChanges } from '../../orders/store/order-changes.ts';
import { OVERLAP_MS, readChanges } from '../../orders/store/read-changes.ts';
import { addAllOrReport, type Books } from '../ledger/add-or-report.ts';
import { accrualPostingsOf } from './accruals.ts';
import type { CommissionRule } from './rule.ts';
import type { CommissionRuleStore } from './rule-store.ts';

/** Its mark's name. */
const COMMISSION_MARK = 'commission';
/** Now and then, and at start, much further back: for writers whose clock is wrong. */
const LOOK_BACK_MS = 48 * 3_600_000;
const LOOK_BACK_EVERY_MS = 3_600_000;
/** Orders remembered as done at their version, so that an overlap costs reading only. */
const REMEMBERED = 20_000;

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
  readonly #done = new Map<string, number>();
  #lookedBackAt = Number.NEGATIVE_INFINITY;

  constructor(init: CommissionProjectorInit) {
    this.#init = init;
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
    const from = { changes, marks, name: COMMISSION_MARK, backMs: this.#backMs() };
    await readChanges(from, async (orders) => {
      added += await this.#post(orders, rules);
    });
    return added;
  }

  /** A round every `everyMs` until stopped. */
  start(everyMs: number): () => Promise<void> {
    const { clock, log } = this.#init;
    return startRounds({ work: () => this.round(), what: 'commissions', everyMs, clock, log });
  }

  #backMs(): number {
    const now = this.#init.clock.now();
    const far = now - this.#lookedBackAt >= LOOK_BACK_EVERY_MS;
    if (far) this.#lookedBackAt = now;
    return far ? LOOK_BACK_MS : OVERLAP_MS;
  }

  async #post(orders: readonly ChangedOrder[], rules: readonly CommissionRule[]): Promise<number> {
    const fresh = orders.filter(({ _id, version }) => (this.#done.get(_id) ?? 0) < version);
    const added = await addAllOrReport(this.#init, fresh, (order) => accrualPostingsOf(order, rules));
    if (this.#done.size > REMEMBERED) this.#done.clear();
    for (const { _id, version } of fresh) this.#done.set(_id, version);
    return added;
  }
}
