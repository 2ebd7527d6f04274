import { LedgerError } from '../money/ledger/error.ts';
import type { LedgerStore, PostingQuery } from '../money/ledger/ledger-store.ts';
import { imbalanceOf, turnoverOf, type Posting } from '../money/ledger/posting.ts';

/** The ledger in memory, with the store's rules. */
export class MemoryLedger {
  readonly postings = new Map<string, Posting>();
  /** All that was ever offered, new or not. */
  readonly offered: Posting[] = [];

  /** For who asks for the one in the database. */
  get store(): LedgerStore {
    return this as unknown as LedgerStore;
  }

  add(postings: readonly Posting[]): Promise<number> {
    this.offered.push(...postings);
    for (const posting of postings) {
      if (imbalanceOf(posting) !== 0 || !this.#fits(posting)) return Promise.reject(unsound(idOf(posting)));
    }
    const before = this.postings.size;
    for (const posting of postings) {
      if (!this.postings.has(idOf(posting))) this.postings.set(idOf(posting), posting);
    }
    return Promise.resolve(this.postings.size - before);
  }

  async *read(query: PostingQuery): AsyncGenerator<Posting> {
    const found = [...this.postings.values()].filter((posting) => isAsked(posting, query));
    yield* found.sort(
      (a, b) => compareTexts(a.source, b.source) || a.n - b.n || compareTexts(a.group, b.group),
    );
  }

  turnover(query: PostingQuery = {}): Promise<Map<string, number>> {
    return Promise.resolve(
      turnoverOf([...this.postings.values()].filter((posting) => isAsked(posting, query))),
    );
  }

  sumOf(account: string, sources: readonly string[]): Promise<number> {
    const found = [...this.postings.values()].filter(({ source }) => sources.includes(source));
    return Promise.resolve(turnoverOf(found).get(account) ?? 0);
  }

  #fits(posting: Posting): boolean {
    const known = this.postings.get(idOf(posting));
    return known === undefined || JSON.stringify(known.legs) === JSON.stringify(posting.legs);
  }
}

const idOf = ({ source, n, group }: Posting): string => `${source}:${n}:${group}`;
const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function isAsked(posting: Posting, { from, to, meterNo, terminalIds, source }: PostingQuery): boolean {
  return (
    (from === undefined || posting.day >= from) &&
    (to === undefined || posting.day <= to) &&
    (meterNo === undefined || posting.meterNo === meterNo) &&
    (terminalIds === undefined || terminalIds.some((each) => each === posting.terminalId)) &&
    (source === undefined || posting.source === source)
  );
}

function unsound(id: string): LedgerError {
  return new LedgerError({ code: 'ledger.unsound', message: `The posting ${id} does not fit.` });
}
