import type { Logger } from 'pino';
import type { CaseReport, CaseSink } from '../../orders/model/case-sink.ts';
import { LedgerError } from './error.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { Posting } from './posting.ts';

/** Where a projector posts to, and where it says what it cannot post. */
export interface Books {
  readonly ledger: LedgerStore;
  readonly cases: CaseSink;
  readonly log: Logger;
}

/**
 * Adds what is of one source; gives how many are new. What cannot be read, or does not fit the books, is a case and keeps
 * nothing else out.
 */
export async function addOrReport(
  books: Books,
  read: () => readonly Posting[],
  about: Pick<CaseReport, 'orderNo' | 'key' | 'facts'>,
): Promise<number> {
  let postings: readonly Posting[];
  try {
    postings = read();
  } catch (error) {
    await report(books, error, about);
    return 0;
  }
  try {
    return await books.ledger.add(postings);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    await report(books, error, about);
    return 0;
  }
}

async function report(
  { cases, log }: Books,
  error: unknown,
  about: Pick<CaseReport, 'orderNo' | 'key' | 'facts'>,
): Promise<void> {
  log.error({ err: error, orderNo: about.orderNo, key: about.key }, 'what happened does not fit the books');
  const why = error instanceof LedgerError ? error.message.slice(0, 200) : 'It cannot be read.';
  await cases.open({ kind: 'ledger-unsound', ...about, facts: { ...about.facts, why } });
}
