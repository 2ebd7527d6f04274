import { orderNoOf } from '../../../server/src/orders/model/order-no.ts';
import { GridRest, type GridRestInit, type Verdict } from './grid-rest.ts';

export interface LastVerdict extends Verdict {
  /** What staff are told of orders and is not so, or vague: a sentence each. */
  readonly misdiagnosed: readonly string[];
}

/** Nothing fails any more and all comes to rest; then what wallets, grid, meters and staff say is told, and given. */
export async function lastWord(on: Omit<GridRestInit, 'money' | 'refunds'>): Promise<LastVerdict> {
  const { sandbox, town, report } = on;
  const rest = new GridRest({ ...on, money: () => sandbox.moneyByOrder(orderNoOf) });
  const verdict = await rest.come();
  const misdiagnosed = await rest.misdiagnosed();
  report(`Visits that ended early: ${town.noted()}`);
  for (const finding of verdict.findings.slice(0, 50)) report(finding);
  for (const orderNo of verdict.uncaught) report(`no case of the false claim about ${orderNo}`);
  for (const sentence of misdiagnosed.slice(0, 50)) report(sentence);
  return { ...verdict, misdiagnosed };
}
