import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import type { CaseStore } from '../../cases/case-store.ts';
import { TRANSFER_DIFF, type CaseReport } from '../../orders/model/case-sink.ts';
import type { GridTransfer } from './transfer.ts';

/** The case of a transfer that is so much more than its days come to, fen; less where below zero. Another sum is another case. */
export function caseOfDifference(
  { _id }: Pick<GridTransfer, '_id'>,
  differenceFen: number,
): Pick<CaseReport, 'kind' | 'orderNo' | 'key'> {
  return { kind: TRANSFER_DIFF, orderNo: 'none', key: `${_id}:${differenceFen}` };
}

/** Whether two persons settled this difference: what ended by itself was not settled. */
export async function isSettled(
  cases: Pick<CaseStore, 'get'>,
  of: { readonly transfer: Pick<GridTransfer, '_id'>; readonly differenceFen: number },
): Promise<boolean> {
  const known = await cases.get(caseIdOf(caseOfDifference(of.transfer, of.differenceFen)));
  return known?.status === 'resolved' && known.resolution?.by.id !== SYSTEM.id;
}
