/** Name of the signature scheme in both directions. WeChat Pay API v3, "签名认证". */
export const SCHEME = 'WECHATPAY2-SHA256-RSA2048';

/** How far a request's clock may be off, seconds. WeChat Pay API v3, "签名认证". */
export const CLOCK_TOLERANCE_S = 300;

/** A code can be paid for two hours at most. WeChat Pay API v3, "Native 下单". */
export const CODE_LIFE_MS = 2 * 60 * 60 * 1000;

/** An order without `time_expire` lives seven days. WeChat Pay API v3, "Native 下单". */
export const ORDER_LIFE_MS = 7 * 24 * 60 * 60 * 1000;

/** A payment can be refunded for a year, in at most fifty parts. WeChat Pay API v3, "申请退款". */
export const REFUND_LIFE_MS = 365 * 24 * 60 * 60 * 1000;
export const MAX_REFUNDS = 50;

/** A notification must be acknowledged within this time. WeChat Pay API v3, "支付通知". */
export const ACK_TIMEOUT_MS = 5_000;

/**
 * Seconds between one delivery of a notification and the next, when the merchant did not acknowledge it:
 * 15s/15s/30s/3m/10m/20m/30m/30m/30m/60m/3h/3h/3h/6h/6h. WeChat Pay API v3, "支付通知".
 */
export const RETRY_SECONDS = [
  15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600,
] as const;

/** An H5 address opens WeChat for five minutes. WeChat Pay API v3, "H5 下单". */
export const H5_LIFE_MS = 5 * 60 * 1000;

/** A page's signature is good as long as a prepay_id, seconds. WeChat Pay API v3, "JSAPI 下单". */
export const INVOKE_LIFE_S = 2 * 60 * 60;
