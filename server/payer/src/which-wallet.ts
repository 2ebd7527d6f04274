import type { Channel } from '@bianmin/shared/api/scalars';

/** Which wallet's own browser shows this page; undefined: an ordinary one. */
export function walletOf(userAgent: string): Channel | undefined {
  if (/MicroMessenger/i.test(userAgent)) return 'wechat';
  if (/AlipayClient/i.test(userAgent)) return 'alipay';
  if (/Bestpay/i.test(userAgent)) return 'bestpay';
  return undefined;
}
