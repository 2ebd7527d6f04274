import type { Clock } from '@bianmin/card/clock';
import type { Order } from '../../orders/model/order.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { BindingStore, Reservation, StoredBinding } from './binding-store.ts';
import { chinaDay } from '../../kernel/china-time.ts';
import type { ResidentPolicy } from './policy.ts';

/** A reservation whose order was never made counts for this long: its request may still be under way. */
const UNMADE_MS = 10 * 60_000;
const RACES = 8;

export interface Allowance {
  readonly ordersLeft: number;
  readonly fenLeft: number;
}

/**
 * What a binding may buy in a day. An order is reserved before it is made, by compare-and-set on the binding, and
 * counts until it is known to have been closed without money.
 */
export class DailyLimits {
  readonly #store: BindingStore;
  readonly #find: (binding: StoredBinding, key: string) => Promise<Pick<Order, 'closure'> | null>;
  readonly #clock: Clock;
  readonly #policy: ResidentPolicy;

  constructor(init: {
    store: BindingStore;
    /** The order that a key of the binding's phone made. */
    find: (binding: StoredBinding, key: string) => Promise<Pick<Order, 'closure'> | null>;
    clock: Clock;
    policy: ResidentPolicy;
  }) {
    this.#store = init.store;
    this.#find = init.find;
    this.#clock = init.clock;
    this.#policy = init.policy;
  }

  async left(binding: StoredBinding): Promise<Allowance> {
    return this.#left(await this.#counting(binding));
  }

  /** Again with the same key changes nothing. Throws `binding.daily-limit`. */
  async reserve(binding: StoredBinding, key: string, fen: number): Promise<void> {
    let current: StoredBinding | null = binding;
    for (let race = 0; race < RACES; race += 1) {
      if (current === null) throw noHousehold();
      const counting = await this.#counting(current);
      if (counting.some((each) => each.key === key)) return;
      const left = this.#left(counting);
      if (left.ordersLeft < 1 || fen > left.fenLeft) throw overLimit(this.#policy, left);
      const at = new Date(this.#clock.now());
      const reserved = [...counting, { key, day: chinaDay(at), fen, at }];
      if (await this.#store.setReserved(current, reserved, at)) return;
      current = await this.#store.get(binding._id, at);
    }
    throw new ProblemError({
      code: 'server.unavailable',
      message: 'Too many orders of this household at the same moment. Try again.',
      retryAfterS: 1,
    });
  }

  /** Today's, without orders that ended unpaid. */
  async #counting(binding: StoredBinding): Promise<Reservation[]> {
    const now = this.#clock.now();
    const today = binding.reserved.filter((each) => each.day === chinaDay(new Date(now)));
    const kept = await Promise.all(
      today.map(async (each) => {
        const order = await this.#find(binding, each.key);
        return order === null ? now - each.at.getTime() < UNMADE_MS : order.closure.status !== 'closed';
      }),
    );
    return today.filter((_, index) => kept[index]);
  }

  #left(counting: readonly Reservation[]): Allowance {
    const { orders, fen } = this.#policy.daily;
    const spent = counting.reduce((sum, each) => sum + each.fen, 0);
    return { ordersLeft: Math.max(0, orders - counting.length), fenLeft: Math.max(0, fen - spent) };
  }
}

function overLimit(policy: ResidentPolicy, left: Allowance): ProblemError {
  const { orders, fen } = policy.daily;
  return new ProblemError({
    code: 'binding.daily-limit',
    message: `A household may buy ${orders} times and ${fen} fen a day from one phone; ${left.ordersLeft} times and ${left.fenLeft} fen are left today.`,
  });
}

function noHousehold(): ProblemError {
  return new ProblemError({
    code: 'binding.not-found',
    message: 'This phone no longer has this household. Bind it again.',
  });
}
