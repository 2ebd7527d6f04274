import type { AnsweringBook } from '../dialect.ts';
import type { OPERATIONS } from '../faults-request.ts';
import type { BillFiles } from './bill.ts';
import type { ComplaintDesk } from './complaints.ts';
import type { Merchant } from './views.ts';

export interface ApiContext {
  readonly book: AnsweringBook;
  readonly merchant: Merchant;
  readonly bills: BillFiles;
  readonly complaints: ComplaintDesk;
  readonly now: () => number;
  /** Where this wallet listens, without a trailing slash. */
  readonly baseUrl: () => string;
}

interface ApiRequest {
  readonly params: readonly string[];
  readonly query: URLSearchParams;
  readonly body: string;
  /** Answered as before any money came. */
  readonly behind: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON; a Buffer goes out as it is and unsigned (bill download); absent for 204. */
  readonly body?: Record<string, unknown> | Buffer;
}

export interface ApiRoute {
  readonly operation: (typeof OPERATIONS)[number];
  readonly method: 'GET' | 'POST';
  /** Its groups become `params`, decoded. */
  readonly path: RegExp;
  readonly handle: (request: ApiRequest, context: ApiContext) => ApiAnswer;
}
