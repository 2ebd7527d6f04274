import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import { GridRest, type GridRestInit, type Verdict } from './grid-rest.ts';

/** Nothing fails any more and all comes to rest; then what wallets, grid, meters and staff say is told, and given. */
export async function lastWord(on: Omit<GridRestInit, 'money' | 'refunds'>): Promise<Verdict> {
  const { sandbox, town, report } = on;
  const verdict = await new GridRest({ ...on, money: () => sandbox.moneyByOrder(orderNoOf) }).come();
  report(`Visits that ended early: ${town.noted()}`);
  for (const finding of verdict.findings.slice(0, 50)) report(finding);
  for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
  return verdict;
}
