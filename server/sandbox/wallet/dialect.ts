import type { ServerResponse } from 'node:http';
import type { Clock } from '@bianmin/card/clock';
import type { Faults } from './faults.ts';
import type { NotifyFault, Settings } from './faults-request.ts';
import type { Incoming } from './http.ts';
import type { Ledger } from './ledger.ts';
import type { BookNumbers, BookRules } from './ledger-init.ts';
import type { ComplaintDesk } from './wechat/complaints.ts';
import type { Delivery, Refund, Trade, Transaction, WalletName } from './model.ts';

/**
 * The wire of one wallet: all that it does in another way than other wallets. Books, time, payers, faults and
 * retries are the same for all of them; a folder beside this file is a dialect.
 */
export interface Dialect {
  readonly wallet: WalletName;
  readonly rules: BookRules;
  readonly numbers: BookNumbers;
  /** Seconds between one delivery of a notification and the next, when the merchant did not acknowledge it. */
  readonly retrySeconds: readonly number[];
  /** How long an acknowledgement may take, ms. */
  readonly ackTimeoutMs: number;

  /** Whether a request is for this wallet's API, by its path. */
  takes(path: string): boolean;
  /** Verifies, does and answers one request of its API, and goes wrong where `book.faults` says so. */
  answer(book: AnsweringBook, incoming: Incoming, response: ServerResponse): void | Promise<void>;

  /** Whether a phone would take this for a code of the wallet. */
  isCode(codeUrl: string): boolean;

  /** Where payers complain; absent: this wallet takes no complaints. */
  readonly complaints?: ComplaintDesk;

  paymentNotice(ledger: Ledger, trade: Trade, transaction: Transaction): Notice;
  /** undefined: this wallet sends none. */
  refundNotice(ledger: Ledger, refund: Refund): Notice | undefined;
  /** A notification as it goes over the wire: signed, and wrong in the way that `fault` says. */
  pack(init: PackInit): Packet;
  /** Whether the merchant's answer ends the retries. */
  isAcknowledged(status: number, body: string): boolean;
}

/** What a wallet's answers come from. */
export interface AnsweringBook {
  readonly wallet: WalletName;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly world: {
    /** Settles a refund when its time has come, and says so. */
    settleLater(refund: Refund): void;
  };
}

/** What a notification says; kept with its delivery, so that every retry says the same. */
export interface Notice {
  readonly event: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface PackInit {
  readonly delivery: Delivery;
  /** By the books' clock, ms. */
  readonly nowMs: number;
  readonly signWith: Settings['signWith'];
  /** A fault of what is sent; how often and when it is sent is the notifier's business. */
  readonly fault?: PacketFault | undefined;
}

export type PacketFault = Exclude<NotifyFault, 'lost' | 'late' | 'out-of-order' | 'duplicate' | 'replay'>;

export interface Packet {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
