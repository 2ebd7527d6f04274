import { addAllOrReport, type Books } from './add-or-report.ts';
import type { Posting } from './posting.ts';

/** Orders remembered as done at their version, so that an overlap costs reading only. */
const REMEMBERED = 20_000;

/** Adds what orders make to the books: each version of an order once for as long as it is remembered, and harmless to repeat. */
export class OrderPoster<T extends { readonly _id: string; readonly version: number }> {
  readonly #books: Books;
  readonly #done = new Map<string, number>();

  constructor(books: Books) {
    this.#books = books;
  }

  /** Gives how many postings were new. What does not fit the books is a case. */
  async post(orders: readonly T[], of: (order: T) => readonly Posting[]): Promise<number> {
    const fresh = orders.filter(({ _id, version }) => (this.#done.get(_id) ?? 0) < version);
    const added = await addAllOrReport(this.#books, fresh, of);
    if (this.#done.size > REMEMBERED) this.#done.clear();
    for (const { _id, version } of fresh) this.#done.set(_id, version);
    return added;
  }
}
