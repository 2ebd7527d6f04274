import { setTimeout as sleep } from 'node:timers/promises';
import type { AdminRefund } from '@bianmin/shared/api/refund';
import type { MadeOrder } from './grid-town.ts';
import type { Staff } from './staff.ts';

/** How long after it was made an order is looked at, ms; one that is not over by then keeps its money. */
const AFTER_MS = 12_000;
const LOOK_EVERY_MS = 200;

/** Staff who give money back for purchases that stand, several of them at the same moment for the same order. */
export class GivingBack {
  /** By order: what two persons agreed to give, fen. */
  readonly given = new Map<string, number>();
  /** Requests for more than was left, which were refused. */
  refused = 0;
  readonly #staff: Staff;
  readonly #waiting: { order: MadeOrder; shares: readonly number[]; at: number }[] = [];
  #over = false;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** `shares` of what was paid are asked for at once; together they may be more than all of it. */
  plan(order: MadeOrder, shares: readonly number[]): void {
    this.#waiting.push({ order, shares, at: performance.now() + AFTER_MS });
  }

  /** Works until `end` was called and nothing waits. */
  async run(note: (error: unknown) => void): Promise<void> {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined && this.#over) return;
      if (next === undefined || next.at > performance.now()) {
        await sleep(LOOK_EVERY_MS);
        continue;
      }
      this.#waiting.shift();
      try {
        await this.#give(next.order, next.shares);
      } catch (error) {
        note(error);
      }
    }
  }

  end(): void {
    this.#over = true;
  }

  async #give({ orderNo, view }: MadeOrder, shares: readonly number[]): Promise<void> {
    const { state, paidFen } = await view();
    if (state !== 'done') return;
    const asked = await Promise.all(
      shares.map((share) =>
        this.#staff.askRefund(orderNo, share === 1 ? null : Math.max(1, Math.floor(paidFen * share))),
      ),
    );
    this.refused += asked.filter((each) => each === 'refund.exceeds').length;
    const refunds = asked.filter((each): each is AdminRefund => typeof each !== 'string');
    await Promise.all(
      refunds.map(async ({ refundNo, fen }) => {
        await this.#staff.allowRefund(refundNo);
        this.given.set(orderNo, (this.given.get(orderNo) ?? 0) + fen);
      }),
    );
  }
}
