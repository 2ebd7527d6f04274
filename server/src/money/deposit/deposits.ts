import { z } from 'zod';
import type { Clock } from '@bianmin/card/clock';
import type { DepositTopUpRequest, DepositUndoRequest } from '@bianmin/purchase/api/deposit';
import type { Approvals, Where } from '../../access/approvals.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import type { Approval } from '../../access/store/approvals.ts';
import { ProblemError } from '../../kernel/problem.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { postingOfGridPayment } from '../ledger/grid-payment-posting.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { undoneBy, type DepositEntry, type DepositStore } from './deposit-store.ts';

const topUpContent = z.object({ fen: z.int().min(1), reference: z.string(), paidOn: z.string() });
const undoContent = z.object({ topUp: z.string() });
/** A top-up is undone once, however often that is asked for. */
const undoneId = (topUp: string): string => `${topUp}-undone`;

export interface DepositsInit {
  readonly grid: string;
  readonly store: DepositStore;
  readonly ledger: Pick<LedgerStore, 'add'>;
  readonly approvals: Approvals;
  readonly clock: Clock;
}

/** What we pay into our deposit at the grid: staff write it down, finance allows it (`float:approve`), and it is posted. */
export class Deposits {
  readonly #init: DepositsInit;

  constructor(init: DepositsInit) {
    this.#init = init;
    const permission = 'float:approve';
    init.approvals.register('deposit.top-up', { permission, run: (approval) => this.#topUp(approval) });
    init.approvals.register('deposit.undo-top-up', { permission, run: (approval) => this.#undo(approval) });
  }

  /** Newest first. */
  entries(): Promise<DepositEntry[]> {
    return this.#init.store.list(this.#init.grid);
  }

  requestTopUp(
    request: DepositTopUpRequest,
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    return this.#init.approvals.request({ kind: 'deposit.top-up', content: { ...request }, ...by });
  }

  /** Throws `request.not-found` where there is no such top-up, or it was undone before. */
  async requestUndo(
    request: DepositUndoRequest & { readonly topUp: string },
    by: { readonly maker: AdminPrincipal; readonly where: Where },
  ): Promise<Approval> {
    const { fen, reference } = await this.#standing(request.topUp);
    if ((await this.#init.store.get(undoneId(request.topUp))) !== null) throw noTopUp();
    const content = { ...request, fen, reference };
    return this.#init.approvals.request({ kind: 'deposit.undo-top-up', content, ...by });
  }

  /** Under the approval's own id: carried out again, it is the same entry and the same posting. */
  async #topUp(approval: Approval): Promise<void> {
    const { fen, reference, paidOn } = topUpContent.parse(approval.content);
    await this.#add({
      ...{ _id: `deposit-${approval._id}`, kind: 'top-up', fen, reference, paidOn },
      by: approval.checker?.id ?? approval.maker.id,
    });
  }

  async #undo(approval: Approval): Promise<void> {
    const { topUp } = undoContent.parse(approval.content);
    const { fen, reference, paidOn } = await this.#standing(topUp);
    await this.#add({
      ...{ _id: undoneId(topUp), kind: 'top-up-undone', undoes: topUp, fen, reference, paidOn },
      by: approval.checker?.id ?? approval.maker.id,
    });
  }

  async #add(entry: Omit<DepositEntry, 'grid' | 'at'>): Promise<void> {
    const { store, ledger, grid, clock } = this.#init;
    const added = await store.add({ ...entry, grid, at: new Date(clock.now()) });
    const to = { group: 'deposit', account: ACCOUNTS.gridDeposit(grid) };
    await ledger.add([postingOfGridPayment({ ...added, undoes: undoneBy(added) }, to)]);
  }

  async #standing(topUp: string): Promise<DepositEntry> {
    const entry = await this.#init.store.get(topUp);
    if (entry?.kind === 'top-up' && entry.grid === this.#init.grid) return entry;
    throw noTopUp();
  }
}

function noTopUp(): ProblemError {
  return new ProblemError({ code: 'request.not-found', message: 'There is no such top-up to be undone.' });
}
