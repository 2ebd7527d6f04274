import { ACCOUNT_DIFF, type CaseFacts, type CaseReport } from '../../orders/model/case-sink.ts';
import type { CheckedAccount } from './account-check.ts';
import { dayOf } from './settle.ts';
import type { Difference } from './classify.ts';

/**
 * A difference as a case: the same one is the same case, on whatever day and however often it is found. `notCompared`:
 * sources whose bills are not among the papers in which it says that the order is or is not.
 */
export function reportOf(difference: Difference, notCompared: readonly string[]): CaseReport {
  const { kind, orderNo, key, bill, order, present } = difference;
  const facts: CaseFacts = {
    day: dayOf(difference),
    against: difference.pair,
    ...(bill === undefined ? {} : { billFen: bill.fen, billStatus: bill.status, billAt: bill.at }),
    ...(order === undefined ? {} : { orderFen: order.fen, orderStatus: order.status, orderAt: order.at }),
    ...(present === undefined
      ? {}
      : { inChannelBill: present.channel, inOrders: present.orders, inGridBill: present.grid }),
    ...(notCompared.length === 0 ? {} : { notCompared: notCompared.join(' ') }),
  };
  return { kind, orderNo: orderNo === '' ? 'none' : orderNo.slice(0, 64), key: key.slice(0, 128), facts };
}

/** An account that is not what it should be on a day, as a case: one for each day, account and paper. */
export function accountReportOf(day: string, checked: CheckedAccount): CaseReport {
  const { account, against, ledgerFen, outsideFen, differenceFen, unexplainedFen } = checked;
  return {
    ...{ kind: ACCOUNT_DIFF, orderNo: 'none', key: `${day}/${account}/${against}` },
    facts: { day, account, against, ledgerFen, outsideFen, differenceFen, unexplainedFen },
  };
}
