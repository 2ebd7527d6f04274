import type { Logger } from 'pino';
import type { CaseReport, CaseSink } from '../../domain/case-sink.ts';
import { LedgerError } from './error.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Posting } from './posting.ts';

/** Where a projector posts to, and where it says what it cannot post. */
export interface Books {
  readonly ledger: LedgerStore;
  readonly cases: CaseSink;
  readonly log: Logger;
}

/** Adds what is of one source; gives how many are new. What does not fit the books is a case, and keeps nothing else out. */
export async function addOrReport(
  { ledger, cases, log }: Books,
  postings: readonly Posting[],
  about: Pick<CaseReport, 'orderNo' | 'key' | 'facts'>,
): Promise<number> {
  try {
    return await ledger.add(postings);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    log.error({ err: error, orderNo: about.orderNo, key: about.key }, 'a posting does not fit the books');
    const facts = { ...about.facts, why: error.message.slice(0, 200) };
    await cases.open({ kind: 'ledger-unsound', ...about, facts });
    return 0;
  }
}
