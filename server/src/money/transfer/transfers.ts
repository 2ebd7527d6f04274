import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { GridTransferRequest } from '@bianmin/purchase/api/transfer';
import type { OnlyOne } from '../../access/approval-claims.ts';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { postingOfGridPayment } from '../ledger/grid-payment-posting.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { DayStore } from '../reconcile/day-store.ts';
import { daysOwed, sumOwed } from './days-owed.ts';
import { referenceKey } from './reference.ts';
import { nextDay, standing, type GridTransfer } from './transfer.ts';
import type { GridTransferStore } from './transfer-store.ts';

const bookContent = z.object({
  ...{ from: z.string(), to: z.string(), fen: z.int().min(1), reference: z.string(), paidOn: z.string() },
});
const undoContent = z.object({ transfer: z.string() });
const entryId = (approval: Approval): string => `transfer-${approval._id}`;
/** A transfer is undone once, however often that is asked for. */
const undoneId = (transfer: string): string => `${transfer}-undone`;

export interface GridTransfersInit {
  readonly grid: string;
  /** False: the grid takes its sales from our deposit there. */
  readonly offered: boolean;
  readonly store: Pick<GridTransferStore, 'add' | 'history'>;
  readonly days: Pick<DayStore, 'list'>;
  readonly ledger: Pick<LedgerStore, 'add' | 'firstDay'>;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

type Entry = Omit<GridTransfer, 'grid' | 'n' | 'at' | 'by'>;

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
    return this.#init.store.history(this.#init.grid);
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
    if (!this.#init.offered) throw notOffered();
    const history = await this.history();
    await this.#demandNext(request, history);
    demandNewReference(request, history);
    const owedFen = await this.#owed(request);
    const content = { ...request, owedFen, differenceFen: request.fen - owedFen };
    const only = this.#onlyOne(request, history);
    return this.#init.approvals.request({ kind: 'transfer.book', content, ...by, only });
  }

  /** Throws `request.not-found`, and `transfer.not-next` for any but the newest that stands: days are freed from the end. */
  async requestUndo(
    request: { readonly transfer: string; readonly reason: string },
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    const { from, to, fen, reference } = newestStanding(await this.history(), request.transfer);
    const content = { ...request, from, to, fen, reference };
    return this.#init.approvals.request({ kind: 'transfer.undo', content, ...by });
  }

  /** Under the approval's own id: carried out again, it is the same entry and the same posting. */
  async #book(approval: Approval): Promise<void> {
    const asked = bookContent.parse(approval.content);
    const _id = entryId(approval);
    await this.#add(approval, _id, async (history) => {
      await this.#demandNext(asked, history);
      demandNewReference(asked, history);
      const owedFen = await this.#owed(asked);
      return { ...asked, _id, kind: 'paid', owedFen };
    });
  }

  async #undo(approval: Approval): Promise<void> {
    const { transfer } = undoContent.parse(approval.content);
    const _id = undoneId(transfer);
    await this.#add(approval, _id, (history) => {
      const { from, to, fen, owedFen, reference, paidOn } = newestStanding(history, transfer);
      return Promise.resolve({
        ...{ _id, kind: 'undone', undoes: transfer, from, to, fen, owedFen, reference, paidOn },
      });
    });
  }

  /** Takes the next place in the history, by what the history is then; whoever comes second looks again. */
  async #add(
    approval: Approval,
    _id: string,
    entryAfter: (history: readonly GridTransfer[]) => Promise<Entry>,
  ): Promise<void> {
    const { store, ledger, grid, clock } = this.#init;
    const by = approval.checker?.id ?? approval.maker.id;
    for (;;) {
      const history = await this.history();
      const known = history.find((each) => each._id === _id);
      const entry = known ?? {
        ...(await entryAfter(history)),
        ...{ grid, n: history.length + 1, by, at: new Date(clock.now()) },
      };
      if (known === undefined && !(await store.add(entry))) continue;
      const to = { group: 'transfer', account: ACCOUNTS.gridTransferred(grid) };
      await ledger.add([postingOfGridPayment(entry, to)]);
      return;
    }
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

  /** What was undone frees its reference: the same money is entered anew. */
  #onlyOne({ reference }: GridTransferRequest, history: readonly GridTransfer[]): OnlyOne {
    const undone = new Set(history.map(({ undoes }) => undoes));
    return {
      key: `transfer:${this.#init.grid}:${referenceKey(reference)}`,
      taken: (by) => {
        if (by === null) return referenceUsed();
        return undone.has(entryId(by)) ? undefined : referenceUsed(bookContent.parse(by.content));
      },
    };
  }

  async #owed({ from, to }: { readonly from: string; readonly to: string }): Promise<number> {
    const { days, grid } = this.#init;
    const sum = sumOwed(await daysOwed(days, { from, to, grid }));
    if ('open' in sum) throw daysOpen(sum.open);
    return sum.owedFen;
  }
}

function newestStanding(history: readonly GridTransfer[], transfer: string): GridTransfer {
  const stand = standing(history);
  const found = stand.find(({ _id }) => _id === transfer);
  if (found === undefined) {
    throw new ProblemError({
      code: 'request.not-found',
      message: 'There is no such transfer to be undone.',
    });
  }
  if (found === stand.at(-1)) return found;
  throw new ProblemError({
    code: 'transfer.not-next',
    message: 'Later days are paid by a newer transfer. Undo that one first.',
  });
}

/** Also of transfers from before references were claimed. */
function demandNewReference(
  { reference }: Pick<GridTransfer, 'reference'>,
  history: readonly GridTransfer[],
): void {
  const key = referenceKey(reference);
  const used = standing(history).find((each) => referenceKey(each.reference) === key);
  if (used !== undefined) throw referenceUsed(used);
}

function referenceUsed(days?: { readonly from: string; readonly to: string }): ProblemError {
  const where = days === undefined ? 'just now' : `for ${days.from} to ${days.to}`;
  return new ProblemError({
    code: 'transfer.reference-used',
    message: `A transfer with this bank reference was entered ${where}. Compare with the bank. If that one is wrong, have it refused or undone first, then enter it anew.`,
  });
}

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

function daysOpen(day: string): ProblemError {
  return new ProblemError({
    code: 'transfer.days-open',
    message: `What ${day} comes to is not known yet. Compare the day first.`,
  });
}
