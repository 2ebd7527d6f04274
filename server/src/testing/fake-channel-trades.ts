import type { Clock } from '@bianmin/card/clock';
import type { Channel } from '@bianmin/purchase/api/channels';
import type { CreatePayment, PaymentEvidence } from '../gateways/payment/contract.ts';
import { refused } from './fake-channel-answers.ts';

export interface Transaction {
  readonly id: string;
  readonly at: number;
}

export interface Trade {
  readonly request: CreatePayment;
  codeUrl: string;
  closed: boolean;
  /** Since when it knows of the payment; undefined: its code has not been scanned yet. */
  knownAt: number | undefined;
  readonly transactions: Transaction[];
}

/** A fake channel's payments, and payers who can do what payers do. */
export class FakeTrades {
  /** By payment number. */
  readonly all = new Map<string, Trade>();
  readonly #channel: Channel;
  readonly #clock: Clock;
  #serial = 0;

  constructor(channel: Channel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  /** Gives the code to pay it by, another each time. */
  create(request: CreatePayment): string {
    const known = this.all.get(request.paymentNo);
    if (known !== undefined) {
      const same =
        known.request.amountFen === request.amountFen &&
        known.request.expiresAt.getTime() === request.expiresAt.getTime();
      if (!same || known.closed || known.transactions.length > 0) throw refused('create');
    }
    this.#serial += 1;
    const codeUrl = `${this.#channel}://pay/${request.paymentNo}/${this.#serial}`;
    const isKnown =
      this.#channel !== 'alipay' || request.product === 'in-wallet' || known?.knownAt !== undefined;
    // Of what it made itself it always knows.
    const knownAt = isKnown ? (known?.knownAt ?? -Infinity) : undefined;
    this.all.set(request.paymentNo, { request, codeUrl, closed: false, knownAt, transactions: [] });
    return codeUrl;
  }

  /** As of so long ago, ms: a success of since then is not told yet. */
  query(paymentNo: string, lagMs: number): PaymentEvidence {
    const trade = this.all.get(paymentNo);
    const asOf = this.#clock.now() - lagMs;
    if (trade?.knownAt === undefined || (lagMs > 0 && trade.knownAt > asOf)) {
      return { status: 'not-found', at: new Date(this.#clock.now()) };
    }
    const first = trade.transactions.find(({ at }) => at <= asOf);
    // The channel knows what time it is, and may not know yet of the money that came in time.
    const over = trade.closed || trade.request.expiresAt.getTime() <= this.#clock.now();
    if (first === undefined) return { status: over ? 'closed' : 'pending' };
    return { status: 'succeeded', ...successOf(trade, first) };
  }

  close(paymentNo: string): 'closed' | 'paid' {
    const trade = this.all.get(paymentNo);
    if (trade?.knownAt === undefined) throw refused('close');
    if (trade.transactions.length > 0) return 'paid';
    trade.closed = true;
    return 'closed';
  }

  /** A payer's phone has read the code, and their wallet shows what it asks for. */
  scan(codeUrl: string): void {
    const trade = this.#byCode(codeUrl);
    if (trade !== undefined) trade.knownAt ??= this.#clock.now();
  }

  /** A payer scans and pays; false where the wallet would not let them. */
  pay(codeUrl: string): boolean {
    const trade = this.#byCode(codeUrl);
    const payable =
      trade?.closed === false &&
      trade.transactions.length === 0 &&
      trade.request.expiresAt.getTime() > this.#clock.now();
    if (payable) this.#book(trade);
    return payable;
  }

  /** Money arrives although it should not: after closing, or once more on a paid number. */
  payRegardless(paymentNo: string): void {
    const trade = this.all.get(paymentNo);
    if (trade === undefined) throw new Error(`There is no payment ${paymentNo}.`);
    this.#book(trade);
  }

  #byCode(codeUrl: string): Trade | undefined {
    return [...this.all.values()].find((each) => each.codeUrl === codeUrl);
  }

  #book(trade: Trade): void {
    this.#serial += 1;
    trade.knownAt ??= this.#clock.now();
    trade.transactions.push({ id: `${this.#channel}-tx-${this.#serial}`, at: this.#clock.now() });
  }
}

/** What a channel tells of one success of a payment. */
export function successOf(trade: Trade, transaction: Transaction) {
  return {
    transactionId: transaction.id,
    amountFen: trade.request.amountFen,
    paidAt: new Date(transaction.at),
  };
}
