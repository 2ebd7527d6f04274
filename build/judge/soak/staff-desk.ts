import type { OpenRefunds } from './grid-rest.ts';
import type { Staff } from './staff.ts';

/** What two of the staff do about what waits for them, in rounds, once it has been counted. */
export class StaffDesk {
  /** By order: what was given back by other means than its channel, fen. */
  readonly elsewhere = new Map<string, number>();
  /** Orders that went on by the word of two. */
  readonly decided = new Set<string>();
  readonly #staff: Staff;
  /** Refunds that were sent once more. */
  readonly #retried = new Set<string>();

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** What they see of refunds; it changes nothing. */
  async refunds(): Promise<OpenRefunds> {
    const abnormal = await this.#staff.openRefunds('abnormal');
    const open = await this.#staff.openRefunds();
    return {
      abnormal: new Set(abnormal.map(({ orderNo }) => orderNo)),
      moving: open.filter(({ status }) => status !== 'abnormal').length,
    };
  }

  /**
   * One round about these orders: a refund that its channel would not make is sent once more, and where that does not help
   * its payer is given the money by other means; an order that the grid undid too late goes on.
   */
  async round(waiting: readonly string[]): Promise<void> {
    for (const orderNo of waiting) {
      let decided = await this.#staff.decide(orderNo, 'reverse-refund');
      // What the grid does not undo, stands: its household has it, or will.
      if (decided === 'refused') decided = await this.#staff.decide(orderNo, 'treat-as-sold');
      if (decided === 'done') this.decided.add(orderNo);
    }
    const abnormal = await this.#staff.openRefunds('abnormal');
    for (const { refundNo } of abnormal.filter((each) => !this.#retried.has(each.refundNo))) {
      this.#retried.add(refundNo);
      await this.#staff.retryRefund(refundNo);
    }
    // All of an order's that are abnormal are given at once: none of it may be under way.
    const open = await this.#staff.openRefunds();
    for (const orderNo of new Set(abnormal.map((each) => each.orderNo))) {
      const mine = open.filter((each) => each.orderNo === orderNo);
      const stuck = mine.every(
        ({ refundNo, status }) => status === 'abnormal' && this.#retried.has(refundNo),
      );
      if (stuck && mine.length > 0) await this.#giveElsewhere(orderNo, mine);
    }
  }

  async #giveElsewhere(orderNo: string, refunds: readonly { readonly fen: number }[]): Promise<void> {
    if ((await this.#staff.decide(orderNo, 'refund-elsewhere')) !== 'done') return;
    const fen = refunds.reduce((sum, each) => sum + each.fen, 0);
    this.elsewhere.set(orderNo, (this.elsewhere.get(orderNo) ?? 0) + fen);
  }
}
