// Nothing here is known of the real Bestpay but the retries; the rest is as with other wallets.

export const CODE_LIFE_MS = 2 * 60 * 60 * 1000;
export const REFUND_LIFE_MS = 365 * 24 * 60 * 60 * 1000;
export const MAX_REFUNDS = 50;
export const ACK_TIMEOUT_MS = 5_000;

/** Seconds between deliveries of a notification: at most two more, five minutes apart. Reports of `aggregatePayOrRefundNotify`. */
export const RETRY_SECONDS = [300, 300] as const;

/** How far `requestDate` may be off. Reports: from the day before to the day after. */
export const CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1000;

/** A bill is there from this hour of the next day on; its address works this long. */
export const BILL_HOUR = 10;
export const BILL_ADDRESS_MS = 30_000;

export const PATHS = {
  create: '/aggregate/aggregatepay/offline/c2b/payOrder',
  query: '/aggregate/aggregatepay/tradeQuery',
  close: '/o2o/aggregatePay/service/closeTrade',
  refund: '/integrate/refund',
  refundQuery: '/integrate/refundQuery',
  /** The sandbox's own: no report names one. */
  bill: '/sandbox/bill',
} as const;
