import type { GridCredit } from '../../../src/gateways/grid/contract.ts';
import type { AnswerOf } from '../../../src/gateways/grid/wire/operations.ts';
import { encodeFrame } from '../meter/frame.ts';
import type { MeterErrorNumber } from '../meter/errors.ts';
import type { Books } from './books.ts';
import type { CreditRecord } from './credit-record.ts';
import { observeMeter } from './books.ts';
import { soldEntry } from './plan.ts';
import { Refused, Unanswered } from './refusal.ts';
import type { BookEntry } from './book-entry.ts';

/** ms for which a frame that provably did not arrive is sent again; then the credit has failed for good. */
const GIVE_UP_MS = 30 * 60_000;

/** What the bottom of the ladder says of a meter's refusal. */
const REASONS: Partial<Record<MeterErrorNumber, string>> = {
  10: 'mac',
  12: 'customer',
  15: 'unopened',
  17: 'count',
  21: 'ceiling',
};

/** Begins or goes on: refused where it has failed for good, unanswered while the meter is silent. */
export function remoteCredit(books: Books, orderNo: string): GridCredit {
  const entry = soldEntry(books, orderNo);
  const { sale, request } = entry;
  if (entry.account !== undefined) throw new Refused('account', 'The account has it.');
  if (entry.intoAccount !== undefined) return movedOf(entry, entry.intoAccount);
  if (books.household(request.customerNo)?.account !== undefined) {
    throw new Refused('account', 'The balance is kept at the grid.');
  }
  if (entry.credit === undefined) {
    const { customerNo, meterNo } = request;
    const frame = encodeFrame(
      { meterNo, customerNo, amountFen: sale.creditFen, count: sale.count },
      books.security,
    );
    const asked = { askedAt: books.days.moment(), askedMs: books.now(), frame, mayHaveArrived: false };
    entry.credit = { ...asked, status: 'pending' };
  }
  const credit = pursue(books, entry);
  if (credit?.status === 'credited') return answerOf(entry, credit);
  if (credit?.status !== 'failed') throw new Unanswered('The meter has not answered yet.');
  throw new Refused(
    credit.reason === 'count' ? 'count' : 'other',
    `The meter cannot be credited: ${credit.reason}.`,
  );
}

export function queryCredit(books: Books, orderNo: string): AnswerOf<'queryCredit'> {
  const entry = books.sales.get(orderNo);
  if (entry?.intoAccount !== undefined) {
    return { status: 'credited', credit: movedOf(entry, entry.intoAccount) };
  }
  const credit = entry && pursue(books, entry);
  switch (credit?.status) {
    case undefined:
      return { status: 'not-found' };
    case 'pending':
      return { status: 'pending' };
    case 'failed':
      return { status: 'failed', reason: credit.reason };
    case 'credited':
      return { status: 'credited', credit: answerOf(entry as BookEntry, credit) };
  }
}

/** Whether the meter may still come to have it: no plan goes out meanwhile, and nothing is reversed. */
export function creditIsOpen(books: Books, entry: BookEntry): boolean {
  return pursue(books, entry)?.status === 'pending';
}

/** Sends a pending frame (again) and books what the meter says. A frame is harmless: the meter's count decides. */
function pursue(books: Books, entry: BookEntry): CreditRecord | undefined {
  const { credit, sale, request } = entry;
  if (entry.intoAccount !== undefined) return undefined;
  if (credit?.status !== 'pending' || sale === undefined || request === undefined) return credit;
  const fail = (reason: string): void => {
    entry.credit = { ...credit, status: 'failed', reason };
  };
  const delivery = books.concentrator.send(request.meterNo, credit.frame);
  switch (delivery.status) {
    case 'answered': {
      const { error, balanceFen, count } = delivery.result;
      if (error !== null) {
        fail(REASONS[error] ?? `meter-error-${error}`);
        break;
      }
      entry.credit = { ...credit, status: 'credited', creditedAt: books.days.moment(), balanceFen };
      const household = books.household(request.customerNo);
      if (household !== undefined) observeMeter(books, household, { count, balanceFen });
      break;
    }
    case 'silent':
      credit.mayHaveArrived = true;
      break;
    case 'unreachable':
      if (!credit.mayHaveArrived) fail('meter-unreachable');
      break;
    case 'undelivered':
      if (!credit.mayHaveArrived && books.now() - credit.askedMs >= GIVE_UP_MS) fail('meter-offline');
  }
  return entry.credit;
}

/** What the grid moved to the account: the meter never took it. */
function movedOf({ orderNo, sale }: BookEntry, into: NonNullable<BookEntry['intoAccount']>): GridCredit {
  const { balanceFen, at: creditedAt } = into;
  return { orderNo, count: sale?.count ?? 0, creditFen: sale?.creditFen ?? 0, balanceFen, creditedAt };
}

function answerOf(entry: BookEntry, credit: CreditRecord & { status: 'credited' }): GridCredit {
  const { sale } = entry;
  return {
    orderNo: entry.orderNo,
    count: sale?.count ?? 0,
    creditFen: sale?.creditFen ?? 0,
    balanceFen: credit.balanceFen,
    creditedAt: credit.creditedAt.at,
  };
}
