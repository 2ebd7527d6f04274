import { WHOLE_PROVINCE } from '../../kernel/scope.ts';
import { cashOwedOf, type CashOwed } from '../../orders/model/cash-owed.ts';
import type { OrderStore } from '../../orders/store/orders.ts';

/** Orders that are read at once. */
const PAGE = 200;

/** All cash that waits for its household, the oldest order first; of one float, where that is named. */
export async function* waitingCash(
  store: Pick<OrderStore, 'withCashOwed'>,
  float?: string,
): AsyncGenerator<CashOwed> {
  for (let after: string | undefined; ;) {
    const orders = await store.withCashOwed({ float, after, limit: PAGE }, WHOLE_PROVINCE);
    for (const owed of orders.flatMap(cashOwedOf)) {
      if (float === undefined || owed.float === float) yield owed;
    }
    if (orders.length < PAGE) return;
    after = orders.at(-1)?._id;
  }
}
