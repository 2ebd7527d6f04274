import { z } from 'zod';
import type { GridTransferRestRequest } from '@bianmin/purchase/api/transfer';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { caseIdOf, SYSTEM } from '../../cases/case.ts';
import type { CaseStore } from '../../cases/case-store.ts';
import type { Cases } from '../../cases/cases.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { owedOf } from './days-owed.ts';
import { caseOfDifference, isSettled } from './difference.ts';
import { demandNewReference, onlyOneReference } from './one-reference.ts';
import { entryId, type Entry, type TransferBook } from './transfer-book.ts';
import { paidDays, type GridTransfer, type PaidDays } from './transfer.ts';

const restContent = z.object({
  ...{ transfer: z.string(), fen: z.int().min(1), reference: z.string(), paidOn: z.string() },
});

export interface GridRestsInit {
  readonly book: Pick<TransferBook, 'grid' | 'history' | 'add'>;
  readonly days: Pick<DayStore, 'list'>;
  readonly caseStore: Pick<CaseStore, 'get'>;
  readonly cases: Pick<Cases, 'end'>;
  readonly approvals: Approvals;
}

/** What is sent later of days for which a transfer was too little: asked for, allowed and posted as that was. */
export class GridRests {
  readonly #init: GridRestsInit;

  constructor(init: GridRestsInit) {
    this.#init = init;
    init.approvals.register('transfer.rest', {
      permission: 'float:approve',
      run: (approval) => this.#book(approval),
    });
  }

  /**
   * Throws `request.not-found` for what is no transfer that stands; `transfer.days-open` while one of its days is compared anew;
   * `transfer.nothing-owed` where nothing is missing, or two persons settled what is; `transfer.reference-used`.
   */
  async request(
    request: GridTransferRestRequest & { readonly transfer: string },
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    const { book, approvals } = this.#init;
    const history = await book.history();
    const paid = paidBy(history, request.transfer);
    const owedFen = await this.#missing(paid);
    demandNewReference(request, history);
    const { from, to } = paid.transfer;
    const content = { ...request, from, to, owedFen, differenceFen: request.fen - owedFen };
    const only = onlyOneReference({ grid: book.grid, reference: request.reference }, history);
    return approvals.request({ kind: 'transfer.rest', content, ...by, only });
  }

  async #book(approval: Approval): Promise<void> {
    const { book, cases } = this.#init;
    const asked = restContent.parse(approval.content);
    const entry = await book.add(approval, entryId(approval), (history) =>
      this.#entryAfter(history, { _id: entryId(approval), ...asked }),
    );
    // What was missing before is over, and no two persons should settle it meanwhile; what is missing still becomes a case of its own.
    const before = caseOfDifference({ _id: asked.transfer }, -entry.owedFen);
    await cases.end(caseIdOf(before), SYSTEM, `A rest was paid: ${entry.reference}.`);
  }

  async #entryAfter(
    history: readonly GridTransfer[],
    { transfer, ...sent }: Pick<Entry, '_id' | 'fen' | 'reference' | 'paidOn'> & { transfer: string },
  ): Promise<Entry> {
    const paid = paidBy(history, transfer);
    demandNewReference(sent, history);
    const { from, to } = paid.transfer;
    return { ...sent, kind: 'rest', restOf: transfer, from, to, owedFen: await this.#missing(paid) };
  }

  async #missing({ transfer, fen }: PaidDays): Promise<number> {
    const { days, caseStore } = this.#init;
    const missingFen = (await owedOf(days, transfer)) - fen;
    if (missingFen <= 0) throw nothingOwed(PAID);
    if (await isSettled(caseStore, { transfer, differenceFen: -missingFen })) throw nothingOwed(SETTLED);
    return missingFen;
  }
}

function paidBy(history: readonly GridTransfer[], id: string): PaidDays {
  const found = paidDays(history).find(({ transfer }) => transfer._id === id);
  if (found !== undefined) return found;
  throw new ProblemError({
    code: 'request.not-found',
    message: 'There is no such transfer that stands. Look at the list again.',
  });
}

const PAID =
  'Nothing is missing of what these days come to. Enter what the bank sent for the days that are next.';
const SETTLED =
  'Two persons settled what was missing, and what is settled stays so. Have the grid count this money for the days that are next, and enter it for those.';

function nothingOwed(message: string): ProblemError {
  return new ProblemError({ code: 'transfer.nothing-owed', message });
}
