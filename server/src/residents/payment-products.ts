import type { PaymentOffer } from '@bianmin/shared/api/payer';

/** How a phone pays an order that it made itself: a phone cannot scan the code on its own screen. */
export interface PaymentProducts {
  offer(payment: { readonly orderNo: string; readonly codeUrl: string }): PaymentOffer;
}

/** The order's own page, which knows every wallet's way from a phone's browser. */
export function byLink(links: { urlOf(orderNo: string): string }): PaymentProducts {
  return { offer: ({ orderNo }) => ({ kind: 'link', url: links.urlOf(orderNo) }) };
}

/** The sandbox's wallet: following the link is what scanning the code would be. */
export function sandboxWallet(walletUrl: string): PaymentProducts {
  return {
    offer({ codeUrl }) {
      const url = new URL('/phone', walletUrl);
      url.searchParams.set('code_url', codeUrl);
      return { kind: 'link', url: url.href };
    },
  };
}
