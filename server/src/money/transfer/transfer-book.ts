import type { Clock } from '@bianmin/card/clock';
import type { Approval } from '../../access/store/approvals.ts';
import { ACCOUNTS } from '../ledger/accounts.ts';
import { postingOfGridPayment } from '../ledger/grid-payment-posting.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { GridTransfer } from './transfer.ts';
import type { GridTransferStore } from './transfer-store.ts';

export interface TransferBookInit {
  readonly grid: string;
  readonly store: Pick<GridTransferStore, 'add' | 'history'>;
  readonly ledger: Pick<LedgerStore, 'add'>;
  readonly clock: Clock;
}

/** What is decided of an entry by the history before it. */
export type Entry = Omit<GridTransfer, 'grid' | 'n' | 'at' | 'by'>;

/** The history of one grid's transfers and the ledger's postings of them: an entry is in both, once. */
export class TransferBook {
  readonly grid: string;
  readonly #init: TransferBookInit;

  constructor(init: TransferBookInit) {
    this.grid = init.grid;
    this.#init = init;
  }

  /** Oldest first. */
  history(): Promise<GridTransfer[]> {
    return this.#init.store.history(this.grid);
  }

  /**
   * Takes the next place in the history, by what the history is then; whoever comes second looks again. Carried out again under the
   * same id, it is the same entry and the same posting.
   */
  async add(
    approval: Approval,
    _id: string,
    entryAfter: (history: readonly GridTransfer[]) => Promise<Entry>,
  ): Promise<GridTransfer> {
    const { store, ledger, clock } = this.#init;
    const by = approval.checker?.id ?? approval.maker.id;
    for (;;) {
      const history = await this.history();
      const known = history.find((each) => each._id === _id);
      const entry = known ?? {
        ...(await entryAfter(history)),
        ...{ grid: this.grid, n: history.length + 1, by, at: new Date(clock.now()) },
      };
      if (known === undefined && !(await store.add(entry))) continue;
      const to = { group: 'transfer', account: ACCOUNTS.gridTransferred(this.grid) };
      await ledger.add([postingOfGridPayment(entry, to)]);
      return entry;
    }
  }
}

/** By which an approval's entry is known. */
export function entryId({ _id }: Pick<Approval, '_id'>): string {
  return `transfer-${_id}`;
}
