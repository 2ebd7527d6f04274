import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { caseIdOf } from '../cases/case.ts';
import { Cases } from '../cases/cases.ts';
import type { CaseReport } from '../orders/model/case-sink.ts';
import { Settlements, type Adjustment } from '../money/reconcile/settlements.ts';
import { MemoryCaseStore } from './memory-cases.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { MemoryOffice } from './memory-office.ts';
import { ANNA, HERE } from './staff-members.ts';

export const DIFFERENCE = {
  ...{ kind: 'ORDER_ONLY', orderNo: '260301100000000001', key: 'wechat/p1', facts: {} },
} as const satisfies CaseReport;

export const ADJUSTMENT = { debit: 'suspense:reconcile', credit: 'channel:wechat', fen: 5000 };

export const ID = caseIdOf(DIFFERENCE);

/** A difference that waits, and the two persons who may settle it. */
export async function settlementRig() {
  // Half past midnight in China, and still the day before in London.
  const clock = new ManualClock(Date.parse('2026-03-04T16:30:00Z'));
  const [ledger, office, store] = [new MemoryLedger(), new MemoryOffice(clock), new MemoryCaseStore()];
  const cases = new Cases({ store, clock });
  const settlements = new Settlements({ cases, ledger: ledger.store, approvals: office.approvals, clock });
  await cases.openOnce(DIFFERENCE);
  const ask = (adjustment?: Adjustment, caseId = ID) =>
    settlements.request({ caseId, text: 'Paid a day later.', adjustment, maker: ANNA, where: HERE });
  const turnover = async () => Object.fromEntries(await ledger.turnover());
  return { clock, ledger, office, cases, ask, turnover };
}
