import type { Logger } from 'pino';
import type { GridCard } from '../../gateways/grid/customers.ts';
import type { OrderStore } from '../store/orders.ts';
import type { CaseReport, CaseSink } from '../model/case-sink.ts';
import { slotOf } from '../model/moves/sale.ts';
import type { Order } from '../model/order.ts';
import { provesCredit } from '../model/proven.ts';

/** What a card or the grid just told of a meter. */
export type MeterWord = Pick<GridCard, 'meterNo' | 'soldCount' | 'creditedCount' | 'balanceAt'> &
  Partial<Pick<GridCard, 'cardCount' | 'serial'>>;

/** Compares what was claimed of a meter's last purchase with what the meter itself says. */
export class Contradictions {
  readonly #grid: string;
  readonly #store: OrderStore;
  readonly #cases: CaseSink;
  readonly #log: Logger;

  constructor(init: { grid: string; store: OrderStore; cases: CaseSink; log: Logger }) {
    this.#grid = init.grid;
    this.#store = init.store;
    this.#cases = init.cases;
    this.#log = init.log;
  }

  /** Never fails its caller: a contradiction that cannot be kept now is seen again at the next reading. */
  async look(word: MeterWord): Promise<void> {
    try {
      const order = await this.#store.bySaleSlot(
        slotOf({ grid: this.#grid, meterNo: word.meterNo, count: word.soldCount }),
      );
      const report = order === null ? undefined : contradictionOf(order, word);
      if (report !== undefined) await this.#cases.open(report);
    } catch (error) {
      this.#log.error({ err: error }, 'a contradiction could not be looked for or kept');
    }
  }
}

/** What, if anything, the meter's word contradicts of this order. Pure. */
function contradictionOf(order: Order, word: MeterWord): CaseReport | undefined {
  if (order.sale.status !== 'sold') return undefined;
  const { write, credit, count } = order;
  const lease = `write:${write.lease ?? 0}`;
  if (provesCredit(word, order)) return provenAgainst(order, word);
  if (write.status === 'written') {
    if (saysLess(word, count, write.at))
      return report(order, word, { kind: 'written-not-credited', key: lease });
    const shown = word.serial === order.serial ? word.cardCount : undefined;
    if (shown === undefined || shown >= count) return undefined;
    return report(order, word, { kind: 'claim-contradicted', key: lease, claim: 'written' });
  }
  if (credit.status !== 'credited' || !saysLess(word, count, credit.creditedAt)) return undefined;
  return report(order, word, { kind: 'claim-contradicted', key: 'credit', claim: 'credited' });
}

/** The meter has it: contradicts the claim that it never got there, or that it was not sent. */
function provenAgainst(order: Order, word: MeterWord): CaseReport | undefined {
  const { write, credit } = order;
  if (write.status === 'failed') {
    return report(order, word, {
      kind: 'claim-contradicted',
      key: `write:${write.lease ?? 0}`,
      claim: 'failed',
    });
  }
  if (write.status !== 'none') return undefined;
  if (order.kind === 'card') return report(order, word, { kind: 'credited-not-written' });
  if (credit.status !== 'failed') return undefined;
  return report(order, word, { kind: 'claim-contradicted', key: 'credit', claim: 'credit-failed' });
}

/** The meter wrote back a lower count, by its own clock later than the claim. */
function saysLess(word: MeterWord, count: number, claimedAt: Date | undefined): boolean {
  const at = word.balanceAt === null ? Number.NaN : Date.parse(word.balanceAt);
  if (claimedAt === undefined || Number.isNaN(at) || word.creditedCount === null) return false;
  return word.creditedCount < count && at > claimedAt.getTime();
}

function report(
  order: Order,
  word: MeterWord,
  found: Pick<CaseReport, 'kind' | 'key'> & { readonly claim?: string },
): CaseReport {
  const claimedAt = order.write.at ?? order.credit.creditedAt;
  const { claim, ...which } = found;
  return {
    ...which,
    orderNo: order._id,
    facts: {
      count: order.count,
      soldCount: word.soldCount,
      ...(claim === undefined ? {} : { claim }),
      ...(word.cardCount === undefined ? {} : { cardCount: word.cardCount }),
      ...(word.creditedCount === null ? {} : { creditedCount: word.creditedCount }),
      ...(word.balanceAt === null ? {} : { meterSaidAt: word.balanceAt }),
      ...(claimedAt === undefined ? {} : { claimedAt: claimedAt.toISOString() }),
    },
  };
}
