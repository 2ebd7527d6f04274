import type { AdminRefund } from '@bianmin/purchase/api/refund';
import type { MadeOrder } from './grid-town.ts';
import type { Staff } from './staff.ts';

/** Orders that staff work on at the same time. */
const HANDS = 3;

/** Staff who give money back for purchases that stand, several of them at the same moment for the same order. */
export class RefundCampaign {
  /** By order: what two persons agreed to give, fen. */
  readonly given = new Map<string, number>();
  /** Requests for more than was left, which were refused. */
  refused = 0;
  readonly #staff: Staff;
  readonly #planned: { order: MadeOrder; shares: readonly number[] }[] = [];

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** `shares` of what was paid are asked for at once; together they may be more than all of it. */
  plan(order: MadeOrder, shares: readonly number[]): void {
    this.#planned.push({ order, shares });
  }

  /** Everything that was planned. */
  async work(note: (error: unknown) => void): Promise<void> {
    const hand = async (): Promise<void> => {
      for (let next = this.#planned.pop(); next !== undefined; next = this.#planned.pop()) {
        await this.#give(next.order, next.shares).catch(note);
      }
    };
    await Promise.all(Array.from({ length: HANDS }, hand));
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
