import type {
  HandOutRequest,
  HandOutView,
  WaitingCash,
  WaitingCashList,
} from '@bianmin/purchase/api/hand-out';
import type { Where } from '../../access/approvals.ts';
import { inNotes } from '../../kernel/cash.ts';
import { meterTailOf } from '../../kernel/mask.ts';
import { sumOfCash, type CashOwed } from '../../orders/model/cash-owed.ts';
import type { ReceiptCodes } from '../../orders/desk/receipt.ts';
import type { HandedOutBy, HandOuts } from '../../money/float/hand-outs.ts';

/** Refunds that a screen lists; the sum is of all. */
const LISTED = 100;

/** Cash that staff at a terminal hand out to households. */
export class CounterCash {
  readonly #handOuts: Pick<HandOuts, 'owedAt' | 'handOut'>;
  readonly #receipts: ReceiptCodes;

  constructor(init: { handOuts: Pick<HandOuts, 'owedAt' | 'handOut'>; receipts: ReceiptCodes }) {
    this.#handOuts = init.handOuts;
    this.#receipts = init.receipts;
  }

  /** The longest waiting first. Throws `float.none`. */
  async waiting(terminalId: string): Promise<WaitingCashList> {
    const owed = await this.#handOuts.owedAt(terminalId);
    const longest = owed.toSorted((a, b) => a.since.getTime() - b.since.getTime()).slice(0, LISTED);
    return { waiting: sumOfCash(owed), refunds: longest.map((each) => this.#rowOf(each, terminalId)) };
  }

  /** As `HandOuts.handOut`. */
  handOut(request: Omit<HandOutRequest, 'ticket'>, by: HandedOutBy, where: Where): Promise<HandOutView> {
    return this.#handOuts.handOut(request, by, where);
  }

  #rowOf({ order, refund, since }: CashOwed, terminalId: string): WaitingCash {
    const { no, fen, reason } = refund;
    return {
      ...{ refundNo: no, orderNo: order._id, receiptCode: this.#receipts.codeOf(order._id) },
      ...{
        household: { ...order.masked, ...meterTailOf(order.meterNo) },
        fen: inNotes(fen),
        reason,
        since: since.toISOString(),
      },
      here: order.terminalId === terminalId,
    };
  }
}
