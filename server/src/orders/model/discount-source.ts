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

/**
 * Where discounts come from. What is given is held under the order's number until the order has ended: then the
 * keeper of the budget asks the order and commits or releases it. Nothing is told to it, so that no crash loses it.
 */
export interface DiscountSource {
  /** Undefined where there is none for this household now. Never fails: a household then pays the face amount. */
  reserve(request: DiscountRequest): Promise<{ discount: OrderDiscount; fen: number } | undefined>;
  /** Why `reserve` gives nothing now; undefined where it gives something, or it cannot be told. Never fails. */
  whyNone(request: Omit<DiscountRequest, 'orderNo'>): Promise<NoDiscount | undefined>;
  /** For an order that was not made after all. */
  release(orderNo: string, rule: string): Promise<void>;
}

export const NO_DISCOUNTS: DiscountSource = {
  reserve: () => Promise.resolve(undefined),
  whyNone: () => Promise.resolve(undefined),
  release: () => Promise.resolve(),
};
