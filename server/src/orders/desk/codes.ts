import type { Order } from '../model/order.ts';

/** One code for every wallet, while an order can be paid by it. */
interface AnyWalletCode {
  readonly codeUrl: string;
  readonly expiresAt: Date;
}

/** What a screen shows of an order besides its facts. */
export interface OrderCodes {
  /** What a resident keeps. */
  codeOf(orderNo: string): string;
  /** Absent where each wallet has a code of its own. */
  readonly anyWallet?: (order: Order) => AnyWalletCode | undefined;
}
