import type { Clock } from '@bianmin/card/clock';
import type { OrderCodes } from '../orders/desk/codes.ts';
import { isPayable, payableUntil } from '../orders/desk/payable.ts';
import type { KeyRing } from '../kernel/key-ring.ts';
import type { Deps } from '../config/deps.ts';
import { type OrderPolicy } from '../orders/model/policy.ts';
import { ReceiptCodes } from '../orders/desk/receipt.ts';
import { SealedLinks } from '../orders/desk/sealed-links.ts';
import { siteUrl } from '../kernel/site-url.ts';

export interface PublicCodes {
  readonly receipts: ReceiptCodes;
  /** To pay an order by. */
  readonly links: SealedLinks;
  readonly receiptLinks: SealedLinks;
  readonly codes: OrderCodes;
}

/** What is handed to people: receipts' numbers, links to pay by, the one code for every wallet. */
export function publicCodes(on: {
  readonly config: Deps['config'];
  readonly keys: KeyRing;
  readonly policy: OrderPolicy;
  readonly clock: Clock;
}): PublicCodes {
  const { config, keys, policy, clock } = on;
  const base = siteUrl(config.PUBLIC_URL);
  const receipts = new ReceiptCodes(keys);
  const links = new SealedLinks({ keys, purpose: 'bianmin pay links', base: `${base}/p/` });
  const receiptLinks = new SealedLinks({ keys, purpose: 'bianmin receipt links', base: `${base}/p/r/` });
  const codes: OrderCodes = {
    codeOf: (orderNo) => receipts.codeOf(orderNo),
    ...(config.PAYMENT_CODE === 'any' ? { anyWallet: anyWalletCodes({ links, policy, clock }) } : {}),
  };
  return { receipts, links, receiptLinks, codes };
}

function anyWalletCodes(init: {
  links: SealedLinks;
  policy: OrderPolicy;
  clock: Clock;
}): NonNullable<OrderCodes['anyWallet']> {
  const { links, policy, clock } = init;
  return (order) =>
    isPayable(order, clock.now(), policy.paymentTtlMs)
      ? { codeUrl: links.urlOf(order._id), expiresAt: payableUntil(order, policy.paymentTtlMs) }
      : undefined;
}
