import type {
  ConsentDescribeRequest,
  ConsentOrderRequest,
  RemoteCustomer,
} from '@bianmin/purchase/api/remote';
import { ProblemError } from '../../kernel/problem.ts';
import type { Order } from '../model/order.ts';
import type { OrderingTerminal } from './order-maker.ts';

/** Where a call came from, for the trail. */
export interface CalledFrom {
  readonly ip: string;
  readonly traceId: string;
}

/** Staff at a terminal buy for a household that cannot come, by its recorded consent. Failures are `ProblemError`s. */
export interface ConsentSales {
  describe(terminal: OrderingTerminal, request: ConsentDescribeRequest): Promise<RemoteCustomer>;
  /** The same key gives the same order. */
  create(terminal: OrderingTerminal, request: ConsentOrderRequest, from: CalledFrom): Promise<Order>;
}

/** Where no consents are recorded. */
export const NO_CONSENTS: ConsentSales = {
  describe: () => Promise.reject(none()),
  create: () => Promise.reject(none()),
};

function none(): ProblemError {
  return new ProblemError({ code: 'consent.none', message: 'No consents are recorded here. Use the card.' });
}
