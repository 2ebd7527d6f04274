import type { BillFiles } from '../bill-files.ts';
import type { AnsweringBook } from '../dialect.ts';
import type { Consents } from '../consents.ts';
import type { OPERATIONS } from '../faults-request.ts';
import type { Merchant } from './views.ts';

export interface MethodContext {
  readonly book: AnsweringBook;
  readonly merchant: Merchant;
  readonly bills: BillFiles;
  readonly consents: Consents;
  readonly now: () => number;
  /** Where this wallet listens, without a trailing slash. */
  readonly baseUrl: () => string;
  /** Of a query: answered as before any money came. */
  readonly behind?: boolean;
}

export type Fields = ReadonlyMap<string, string>;

export interface Method {
  readonly operation: (typeof OPERATIONS)[number];
  /** Gives the answer's fields beside `code` and `msg`. */
  readonly handle: (
    fields: Fields,
    context: MethodContext,
  ) => Promise<Record<string, string>> | Record<string, string>;
}
