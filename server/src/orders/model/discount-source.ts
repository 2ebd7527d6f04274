import type { NoDiscount } from '@bianmin/purchase/api/no-discount';

/** What is taken off one order, decided once, when it is made. */
export interface OrderDiscount {
  /** The rule that gives it. */
  readonly rule: string;
  /** What a resident reads, in each language. */
  readonly names: Readonly<Record<'zh-CN' | 'ug' | 'en', string>>;
  /** Who pays it: the ledger's account `discount:…`. */
  readonly funder: string;
}

/** For whom, and how much. */
export interface DiscountRequest {
  readonly orderNo: string;
  readonly grid: string;
  readonly customerNo: string;
  readonly faceFen: number;
}

/** What an order gets. */
interface GivenDiscount {
  readonly discount: OrderDiscount;
  readonly fen: number;
}

/** What came of a request: the discount, or why there is none. Neither: it could not be looked for. */
export interface DiscountAnswer {
  readonly given?: GivenDiscount;
  readonly why?: NoDiscount;
}

/**
 * Where discounts come from. What is given is held under the order's number until the order has ended: then the
 * keeper of the budget asks the order and commits or releases it. Nothing is told to it, so that no crash loses it.
 */
export interface DiscountSource {
  /** Never fails: a household that is given nothing pays the face amount. */
  reserve(request: DiscountRequest): Promise<DiscountAnswer>;
  /** For an order that was not made after all. */
  release(orderNo: string, rule: string): Promise<void>;
}

export const NO_DISCOUNTS: DiscountSource = {
  reserve: () => Promise.resolve({}),
  release: () => Promise.resolve(),
};
