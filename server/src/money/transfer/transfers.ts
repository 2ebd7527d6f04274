import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { GridTransferRequest } from '@bianmin/purchase/api/transfer';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { daysOpen, owedOf } from './days-owed.ts';
import { demandNewReference, onlyOneReference } from './one-reference.ts';
import { entryId, type TransferBook } from './transfer-book.ts';
import { inTheWayOfUndoing, nextDay, paidDays, type GridTransfer } from './transfer.ts';

const bookContent = z.object({
  ...{ from: z.string(), to: z.string(), fen: z.int().min(1), reference: z.string(), paidOn: z.string() },
});
const undoContent = z.object({ transfer: z.string() });
/** A transfer is undone once, however often that is asked for. */
const undoneId = (transfer: string): string => `${transfer}-undone`;

export interface GridTransfersInit {
  /** False: the grid takes its sales from our deposit there. */
  readonly offered: boolean;
  readonly book: Pick<TransferBook, 'grid' | 'history' | 'add'>;
  readonly days: Pick<DayStore, 'list'>;
  readonly ledger: Pick<LedgerStore, 'firstDay'>;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

/**
 * What the bank sent to the grid for whole days, matched with what they come to: one person enters it, finance allows it, and it is
 * posted. Days are paid in their order, the oldest first, so that none is paid twice and none is left out.
 */
export class GridTransfers {
  readonly #init: GridTransfersInit;

  constructor(init: GridTransfersInit) {
    this.#init = init;
    const permission = 'float:approve';
    init.approvals.register('transfer.book', { permission, run: (approval) => this.#book(approval) });
    init.approvals.register('transfer.undo', { permission, run: (approval) => this.#undo(approval) });
  }

  /** Oldest first. */
  history(): Promise<GridTransfer[]> {
    return this.#init.book.history();
  }

  /** The first day that is to be paid; undefined: nothing was booked yet. Where none was ever paid it is the first in the books. */
  async next(history: readonly GridTransfer[]): Promise<string | undefined> {
    return nextDay(history) ?? this.#init.ledger.firstDay();
  }

  /**
   * Throws `transfer.not-offered`; `transfer.not-next` where the days do not begin with the first that is not paid (the very first
   * transfer may begin later: what was paid before is somebody else's book); `transfer.days-open` for one that was not compared;
   * `transfer.reference-used` where the bank's reference is in another request that was not refused and did not fail.
   */
  async request(
    request: GridTransferRequest,
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    const { offered, book, days, approvals } = this.#init;
    if (!offered) throw notOffered();
    const history = await this.history();
    await this.#demandNext(request, history);
    demandNewReference(request, history);
    const owedFen = await owedOf(days, { ...request, grid: book.grid });
    const content = { ...request, owedFen, differenceFen: request.fen - owedFen };
    const only = onlyOneReference({ grid: book.grid, reference: request.reference }, history);
    return approvals.request({ kind: 'transfer.book', content, ...by, only });
  }

  /** Of a transfer or a rest. Throws `request.not-found`, and `transfer.not-next` where a newer one goes first. */
  async requestUndo(
    request: { readonly transfer: string; readonly reason: string },
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    const { from, to, fen, reference } = undoable(await this.history(), request.transfer);
    const content = { ...request, from, to, fen, reference };
    return this.#init.approvals.request({ kind: 'transfer.undo', content, ...by });
  }

  async #book(approval: Approval): Promise<void> {
    const { book, days } = this.#init;
    const asked = bookContent.parse(approval.content);
    const _id = entryId(approval);
    await book.add(approval, _id, async (history) => {
      await this.#demandNext(asked, history);
      demandNewReference(asked, history);
      const owedFen = await owedOf(days, { ...asked, grid: book.grid });
      return { ...asked, _id, kind: 'paid', owedFen };
    });
  }

  async #undo(approval: Approval): Promise<void> {
    const { transfer } = undoContent.parse(approval.content);
    const _id = undoneId(transfer);
    await this.#init.book.add(approval, _id, (history) => {
      const { from, to, fen, owedFen, reference, paidOn } = undoable(history, transfer);
      return Promise.resolve({
        ...{ _id, kind: 'undone', undoes: transfer, from, to, fen, owedFen, reference, paidOn },
      });
    });
  }

  async #demandNext(
    { from, to }: { readonly from: string; readonly to: string },
    history: readonly GridTransfer[],
  ): Promise<void> {
    const today = chinaDay(new Date(this.#init.clock.now()));
    if (to >= today) throw daysOpen(to);
    const next = await this.next(history);
    const isVeryFirst = history.length === 0;
    if (next !== undefined && (from === next || (isVeryFirst && from > next))) return;
    throw notNext(next);
  }
}

function undoable(history: readonly GridTransfer[], id: string): GridTransfer {
  const obstacle = inTheWayOfUndoing(paidDays(history), id);
  const found = history.find(({ _id }) => _id === id);
  if (obstacle === undefined && found !== undefined) return found;
  if (obstacle === 'later-days' || obstacle === 'later-rest') {
    throw new ProblemError({ code: 'transfer.not-next', message: FIRST_UNDO[obstacle] });
  }
  throw new ProblemError({
    code: 'request.not-found',
    message: 'There is no such transfer to be undone.',
  });
}

const FIRST_UNDO = {
  'later-days': 'Later days are paid by a newer transfer. Undo that one first.',
  'later-rest': 'A rest of it was paid after it. Undo that one first.',
};

function notOffered(): ProblemError {
  return new ProblemError({
    code: 'transfer.not-offered',
    message:
      'The grid takes its sales from our deposit there. Enter what went to it as a top-up of the deposit.',
  });
}

function notNext(next: string | undefined): ProblemError {
  return new ProblemError({
    code: 'transfer.not-next',
    message:
      next === undefined
        ? 'Nothing was sold yet: there is no day to be paid.'
        : `Days are paid in their order, and the first that is not paid is ${next}. Begin with it.`,
  });
}
