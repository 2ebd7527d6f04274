import type { Book } from './book.ts';
import { CannotPayError } from './book-error.ts';
import type { WalletName } from './model.ts';
import type { PaymentSum, PaymentView, RefundView } from './operator-view.ts';
import { paymentSum, paymentViews, refundViews } from './operator-view.ts';
import type { PayMode, PayResult } from './world.ts';

export interface ListOptions {
  /** Absent: all of them. */
  readonly wallet?: WalletName | undefined;
  /** Of each wallet, the newest. */
  readonly limit?: number;
}

/** All wallets of this process: a phone scans any code, and the code says which wallet it belongs to. */
export class Books {
  readonly all: readonly Book[];

  constructor(all: readonly Book[]) {
    this.all = all;
  }

  /** One wallet, or each of them. */
  of(wallet: WalletName | undefined): readonly Book[] {
    return wallet === undefined ? this.all : [this.named(wallet)];
  }

  named(wallet: WalletName): Book {
    const book = this.all.find((each) => each.wallet === wallet);
    if (book === undefined) throw new Error(`There is no wallet ${wallet} here.`);
    return book;
  }

  /** A payer scans a code and confirms. Throws `CannotPayError` when the wallet would not let them. */
  pay(codeUrl: string, mode?: PayMode): PayResult {
    return this.#ofCode(codeUrl).world.pay(codeUrl, mode);
  }

  /** A phone shows what a code asks for. Throws `CannotPayError` as `pay` does. */
  scan(codeUrl: string): PaymentView {
    const book = this.#ofCode(codeUrl);
    book.world.scan(codeUrl);
    const [view] = paymentViews(book, [book.ledger.payable(codeUrl)]);
    if (view === undefined) throw new CannotPayError('unknown-code');
    return view;
  }

  /** Lets late payments arrive now. Gives the transactions. */
  settleLate(wallet?: WalletName): string[] {
    return this.of(wallet).flatMap((book) => book.world.settleLate());
  }

  /** Newest first. */
  payments({ wallet, limit = Infinity }: ListOptions = {}): PaymentView[] {
    const views = this.of(wallet).flatMap((book) => paymentViews(book, book.ledger.trades.slice(-limit)));
    return views.sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Money alone, the oldest first, from the `from`-th on: for callers that add up very many. */
  sums({
    wallet,
    from,
    limit,
  }: {
    wallet?: WalletName | undefined;
    from: number;
    limit: number;
  }): PaymentSum[] {
    const all = this.of(wallet).flatMap((book) => book.ledger.trades.map((trade) => ({ book, trade })));
    return all.slice(from, from + limit).map(({ book, trade }) => paymentSum(book, trade));
  }

  /** Newest first. */
  refunds({ wallet, limit = Infinity }: ListOptions = {}): RefundView[] {
    const views = this.of(wallet).flatMap((book) => refundViews(book, book.ledger.refunds.slice(-limit)));
    return views.sort((a, b) => b.createdAt - a.createdAt);
  }

  /** Sends the last bytes of a notification again; gives the merchant's HTTP status. */
  replay(id: string): Promise<number> {
    const book = this.all.find(({ notifier }) => notifier.deliveries.some((each) => each.id === id));
    if (book === undefined) throw new Error('There is no such notification.');
    return book.notifier.replay(id);
  }

  /** Resolves when no notification is under way; those that wait for their time do not count. */
  async idle(): Promise<void> {
    await Promise.all(this.all.map(({ notifier }) => notifier.idle()));
  }

  close(): void {
    for (const { world, notifier } of this.all) {
      world.close();
      notifier.close();
    }
  }

  #ofCode(codeUrl: string): Book {
    const book = this.all.find(({ dialect }) => dialect.isCode(codeUrl));
    if (book === undefined) throw new CannotPayError('unknown-code');
    return book;
  }
}
