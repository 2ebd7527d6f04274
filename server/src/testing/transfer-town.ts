import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { Cases } from '../cases/cases.ts';
import { dayPlus, daysBetween, startOfDay } from '../kernel/china-time.ts';
import { GridRests } from '../money/transfer/rests.ts';
import { TransferBook } from '../money/transfer/transfer-book.ts';
import { TransferCheck } from '../money/transfer/transfer-check.ts';
import type { GridTransfer } from '../money/transfer/transfer.ts';
import { GridTransfers } from '../money/transfer/transfers.ts';
import { comparedDay } from './compared-day.ts';
import { MemoryCaseStore } from './memory-cases.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { ANNA, HERE } from './staff-members.ts';

export const GRID = 'collection-v1';
export const FIRST = '2026-03-01';
export const TODAY = '2026-03-20';
type Pending = Readonly<Record<string, unknown>>;
type Run = (approval: never) => Promise<void>;

/** Every day owes 100 fen and its date; a person asks, another allows, in whatever order. References are claimed by nobody here. */
export class TransferTown {
  readonly history: GridTransfer[] = [];
  readonly ledger = new MemoryLedger();
  readonly days = new Map(
    daysBetween(FIRST, dayPlus(TODAY, -1)).map((day) => [day, comparedDay(day, 100 + Number(day.slice(-2)))]),
  );
  readonly pending: { kind: string; content: Pending; _id: string; maker: { id: string } }[] = [];
  readonly clock = new ManualClock(startOfDay(TODAY).getTime());
  readonly caseStore = new MemoryCaseStore();
  readonly cases = new Cases({ store: this.caseStore, clock: this.clock });
  readonly transfers: GridTransfers;
  readonly rests: GridRests;
  readonly check: TransferCheck;
  /** How many days were read each time. */
  readonly read: number[] = [];
  /** What happens between the look at the history and the entry. */
  meanwhile: () => Promise<void> = () => Promise.resolve();
  readonly #kinds = new Map<string, Run>();
  #asked = 0;
  #references = 0;

  constructor({ offered = true } = {}) {
    const approvals = {
      register: (kind: string, { run }: { run: Run }) => this.#kinds.set(kind, run),
      request: ({ kind, content }: { kind: string; content: Pending }) => {
        this.#asked += 1;
        const approval = { kind, content, _id: `a${this.#asked}`, maker: { id: 'anna' } };
        this.pending.push(approval);
        return Promise.resolve(approval);
      },
    } as never;
    const { clock, ledger, caseStore, cases } = this;
    const store = this.#store();
    const days = {
      list: (from: string, to: string) => {
        this.read.push(daysBetween(from, to).length);
        return Promise.resolve([...this.days.values()].filter(({ _id }) => from <= _id && _id <= to));
      },
    };
    const book = new TransferBook({ ...{ grid: GRID, store, clock }, ledger });
    this.transfers = new GridTransfers({
      ...{ offered, book, days, clock, approvals },
      ledger: { firstDay: () => Promise.resolve(FIRST) },
    });
    this.rests = new GridRests({ book, days, caseStore, cases, approvals });
    this.check = new TransferCheck({ ...{ grid: GRID, store, days, cases, clock } });
  }

  async ask(from: string, to: string, fen = 5000, reference = this.#reference()): Promise<void> {
    const request = { from, to, fen, reference, paidOn: TODAY, reason: 'Paid.' };
    await this.transfers.request(request, { maker: ANNA, where: HERE });
  }

  async askRest(transfer: string, fen: number, reference = this.#reference()): Promise<void> {
    const request = { transfer, fen, reference, paidOn: TODAY, reason: 'The rest.' };
    await this.rests.request(request, { maker: ANNA, where: HERE });
  }

  async askUndo(transfer: string): Promise<void> {
    await this.transfers.requestUndo({ transfer, reason: 'Wrong.' }, { maker: ANNA, where: HERE });
  }

  /** The one that was asked for `at` places ago, also a second time. */
  async allow(at = 0): Promise<void> {
    const approval = this.pending.at(-1 - at);
    if (approval !== undefined) await this.#kinds.get(approval.kind)?.(approval as never);
  }

  #reference(): string {
    this.#references += 1;
    return `BANK-${this.#references}`;
  }

  #store() {
    const { history } = this;
    return {
      history: () => Promise.resolve([...history]),
      add: async (entry: GridTransfer) => {
        await this.meanwhile();
        if (history.some(({ n, _id }) => n === entry.n || _id === entry._id)) return false;
        history.push(entry);
        return true;
      },
      check: (id: string, checked: NonNullable<GridTransfer['checked']>) => {
        const at = history.findIndex(({ _id }) => _id === id);
        const known = history[at];
        if (known !== undefined) history[at] = { ...known, checked };
        return Promise.resolve();
      },
    };
  }
}
