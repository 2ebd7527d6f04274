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

/** An order as a projector of orders reads it. */
interface Versioned {
  readonly _id: string;
  readonly version: number;
}

/**
 * Adds what these orders make, at once where all of it fits and else one by one, so that one order's fault keeps no other out of
 * the books; gives how many are new.
 */
export async function addAllOrReport<T extends Versioned>(
  books: Books,
  orders: readonly T[],
  of: (order: T) => readonly Posting[],
): Promise<number> {
  const together = await addTogether(books, orders, of);
  if (together !== undefined) return together;
  let added = 0;
  for (const order of orders) {
    const about = { orderNo: order._id, facts: { version: order.version } };
    added += await addOrReport(books, () => of(order), about);
  }
  return added;
}

/** Undefined: at least one of them cannot be posted. */
async function addTogether<T>(
  { ledger }: Books,
  orders: readonly T[],
  of: (order: T) => readonly Posting[],
): Promise<number | undefined> {
  let postings: Posting[];
  try {
    postings = orders.flatMap(of);
  } catch {
    return undefined;
  }
  try {
    return await ledger.add(postings);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    return undefined;
  }
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
