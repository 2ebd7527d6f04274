import type { Order } from '../orders/model/order.ts';
import { firstOrderNo } from '../orders/model/order-no.ts';
import type { MongoOrderStore } from '../orders/store/mongo-orders.ts';
import { sampleOrder, samplePayment } from './order-samples.ts';

/** Where all these troubles are. */
export const KASHI = ['province', '653100', 'c00000000000000a1'];

/** Stores orders of Kashi as old as a rule of the alarms needs them. */
export class AlertOrders {
  readonly #store: MongoOrderStore;
  readonly #now: () => number;
  #made = 0;

  /** `now`: wall clock, ms. */
  constructor(store: MongoOrderStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** An order of Kashi, made so long ago. */
  async make(madeMs: number, over: Partial<Order> = {}): Promise<Order> {
    this.#made += 1;
    const at = this.#ago(madeMs);
    const _id = (BigInt(firstOrderNo(at)) + BigInt(this.#made)).toString();
    const stored = sampleOrder({
      ...{ _id, idempotencyKey: `k${this.#made}`, meterNo: `m${this.#made}`, orgPath: KASHI },
      ...{ createdAt: at, updatedAt: at, dueAt: null, ...over },
    });
    await this.#store.insert(stored);
    return stored;
  }
  paid(ms: number, over: Partial<Order> = {}): Promise<Order> {
    return this.make(ms, {
      state: 'paid',
      payments: [
        samplePayment({
          status: 'succeeded',
          funds: true,
          paidAt: this.#ago(ms),
          transactionId: `tx${this.#made}`,
        }),
      ],
      ...over,
    });
  }

  refunded(ms: number, status: 'approved' | 'abnormal'): Promise<Order> {
    return this.make(ms, {
      state: 'refunding',
      refunds: [
        {
          no: `${this.#made}p1r3`,
          paymentNo: `${this.#made}p1`,
          fen: 5000,
          status,
          reason: 'not-sold',
          at: this.#ago(ms),
        },
      ],
    });
  }

  #ago(ms: number): Date {
    return new Date(this.#now() - ms);
  }
}
