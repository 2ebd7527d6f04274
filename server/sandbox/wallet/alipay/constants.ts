/** A code can be paid for two hours at most. Alipay, alipay.trade.precreate. */
export const CODE_LIFE_MS = 2 * 60 * 60 * 1000;

/** A payment can be refunded for a year. Alipay, alipay.trade.refund; in how many parts is not said. */
export const REFUND_LIFE_MS = 365 * 24 * 60 * 60 * 1000;
export const MAX_REFUNDS = 50;

/** How far a request's clock may be off. Not documented: as elsewhere. */
export const CLOCK_TOLERANCE_MS = 10 * 60 * 1000;

/** How long an acknowledgement may take. Not documented: as elsewhere. */
export const ACK_TIMEOUT_MS = 5_000;

/**
 * Seconds between one delivery of a notification and the next, when the merchant did not say `success`:
 * 4m/10m/10m/1h/2h/6h/15h. Alipay, "异步通知说明".
 */
export const RETRY_SECONDS = [240, 600, 600, 3_600, 7_200, 21_600, 54_000] as const;

/** A bill is there from this hour of the next day on. */
export const BILL_HOUR = 10;

/** How long the address of a bill works. */
export const BILL_ADDRESS_MS = 30_000;
